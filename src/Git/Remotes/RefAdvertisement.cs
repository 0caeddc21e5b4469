using Actors.Git.Refs;

namespace Actors.Git.Remotes;

/// <summary>The selected refs of a remote, as one probe showed them.</summary>
/// <param name="ObjectFormat">SHA-256 repositories have their refs in <paramref name="Sha256Tips"/> and none in <paramref name="Tips"/>.</param>
/// <param name="Tips">In the remote's order, HEAD first where it has one. Without HEAD line: HEAD is dangling, or not advertised.</param>
/// <param name="Sha256Tips">Name and 64 hex digits, for a SHA-256 repository: shown, not fetched.</param>
/// <param name="UnbornHeadTarget">Where an unborn HEAD points, when the server tells (an empty repository).</param>
public sealed record RefAdvertisement(
    ObjectFormat ObjectFormat,
    IReadOnlyList<RefTip> Tips,
    IReadOnlyList<(RefName Name, string Oid)> Sha256Tips,
    RefName? UnbornHeadTarget);
