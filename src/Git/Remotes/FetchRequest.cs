using Actors.Git.Objects;

namespace Actors.Git.Remotes;

/// <summary>One fetch: what is wanted, what is had, what is left out.</summary>
public sealed record FetchRequest
{
    /// <summary>At least one oid. In v0 only advertised ones may be asked.</summary>
    public required IReadOnlyList<Oid> Wants { get; init; }

    /// <summary>
    /// Objects of the store, likeliest common ones first; sent in rounds of <see cref="Limits.HavesPerRound"/> without
    /// <c>done</c>, until the server is ready. Commits make it ready; peel tags before. Trees and blobs are honoured by git's own server only.
    /// </summary>
    public IReadOnlyList<Oid> Haves { get; init; } = [];

    /// <summary>What is left out; only where the profile has <see cref="ServerProfile.Filter"/>.</summary>
    public ObjectFilter Filter { get; init; }

    /// <summary>Commits of history to send from each want (<c>deepen</c>), or null for all.</summary>
    public int? Deepen { get; init; }

    /// <summary>The pack may hold deltas against objects that were named as haves.</summary>
    public bool ThinPack { get; init; } = true;

    /// <summary>Send annotated tags whose target is sent (<c>include-tag</c>).</summary>
    public bool IncludeTag { get; init; }

    /// <summary>When the haves are used up and the server is not ready.</summary>
    public NothingInCommon NothingInCommon { get; init; }

    /// <summary>
    /// With <see cref="NothingInCommon.Stop"/>: asked when the haves are used up, some were acknowledged, and the server is still
    /// not ready, as it never is while one want begins below every have. True: what the acknowledged ones leave is taken.
    /// </summary>
    public Func<IReadOnlyCollection<Oid>, bool>? CommonSuffices { get; init; }

    /// <summary>Ask only which haves the server has (<c>wait-for-done</c>): never a pack. Needs <see cref="ServerProfile.WaitForDone"/>.</summary>
    public bool OnlyCommon { get; init; }

    /// <summary>More bytes of pack than this end the fetch with <see cref="RemoteFailureKind.OverLimit"/>.</summary>
    public long PackBytesMax { get; init; } = long.MaxValue;

    /// <summary>The server's progress lines (sideband 2), as they come.</summary>
    public IProgress<string>? Progress { get; init; }
}
