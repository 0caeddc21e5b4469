using Actors.Git.Refs;

namespace Actors.Git.Remotes;

/// <summary>What a server has said that it can do, learnt from its capability advertisement; remembered per <see cref="ForgeHost"/>.</summary>
/// <param name="Version">Protocol version that it speaks best: 0, 1 or 2.</param>
/// <param name="ObjectFormat">Of the repository that taught us; others on the host may differ.</param>
/// <param name="Filter">Partial clone filters may be sent (<c>fetch=… filter</c>).</param>
/// <param name="Shallow"><c>deepen</c> may be sent (<c>fetch=shallow</c>).</param>
/// <param name="WaitForDone"><c>wait-for-done</c> may be sent.</param>
/// <param name="Unborn">ls-refs takes <c>unborn</c>.</param>
/// <param name="Agent">Its <c>agent</c>, or null.</param>
public sealed partial record ServerProfile(
    int Version,
    ObjectFormat ObjectFormat = ObjectFormat.Sha1,
    bool Filter = false,
    bool Shallow = false,
    bool WaitForDone = false,
    bool Unborn = false,
    string? Agent = null);
