using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Repositories;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>All refs of a simulated repository between two changes.</summary>
internal sealed class FleetRefs
{
    private static readonly RefName Main = RefName.Parse("refs/heads/main");

    /// <param name="number">Another for each change.</param>
    /// <param name="branches">By name; the first is HEAD's. None: an empty repository.</param>
    public FleetRefs(int number, IReadOnlyList<(RefName Name, FleetCommit Commit)> branches)
    {
        Branches = branches;
        Digest = new AdvertisementDigest(1, (ulong)number);
        List<RefTip> tips = [];
        if (branches.Count > 0)
        {
            tips.Add(new RefTip(RefName.Head, branches[0].Commit.Oid, SymrefTarget: branches[0].Name));
            tips.AddRange(branches.Select(branch => new RefTip(branch.Name, branch.Commit.Oid)));
        }

        Advertisement = new RefAdvertisement(ObjectFormat.Sha1, tips, [], branches.Count > 0 ? null : Main);
    }

    public IReadOnlyList<(RefName Name, FleetCommit Commit)> Branches { get; }

    public AdvertisementDigest Digest { get; }

    public RefAdvertisement Advertisement { get; }

    /// <summary>What a visit that saw this commits.</summary>
    public SnapshotId Snapshot => field != default ? field : field = SnapshotDraft.Make(Advertisement, Kinds(Advertisement.Tips)).Id;

    public bool Reaches(FleetCommit commit)
    {
        foreach ((_, FleetCommit tip) in Branches)
        {
            if (tip.Reaches(commit))
            {
                return true;
            }
        }

        return false;
    }

    private static Dictionary<Oid, SnapshotTarget> Kinds(IReadOnlyList<RefTip> tips) => tips.Select(tip => tip.Oid).Distinct().ToDictionary(oid => oid, _ => SnapshotTarget.Revision);
}
