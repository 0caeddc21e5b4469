using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.Heads;

namespace Actors.Loaders.Loads;

/// <summary>Which branches the next snapshot has.</summary>
internal static class SnapshotPlan
{
    /// <summary>
    /// A branch for each release that is known or loaded; those that failed keep what they had; those that are not listed
    /// any more go, unless the list is only a part. HEAD is an alias of the default version, when that has exactly one branch.
    /// </summary>
    public static IEnumerable<SnapshotBranch> Branches(PackageListing listing, LoadTally tally, Snapshot? before, Era era)
    {
        SnapshotTarget kind = era == Era.Revision ? SnapshotTarget.Revision : SnapshotTarget.Release;
        Dictionary<RefName, SnapshotBranch> branches = [];
        foreach ((_, string branch, Oid target) in tally.Branches)
        {
            RefName name = NameOf(branch);
            branches[name] = new SnapshotBranch(name, kind, target);
        }

        foreach (SnapshotBranch old in before?.Branches ?? [])
        {
            if (listing.Appends || (old.Target == kind && tally.FailedBranches.Contains(old.Name.ToString())))
            {
                _ = branches.TryAdd(old.Name, old);
            }
        }

        if (HeadOf(listing, tally, era) is { } head)
        {
            branches[RefName.Head] = new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, default, NameOf(head));
        }

        return branches.Values;
    }

    private static string? HeadOf(PackageListing listing, LoadTally tally, Era era)
    {
        string? version = listing.DefaultVersion;
        if (era == Era.Release && version is not null && !tally.Branches.Exists(branch => branch.Version == version))
        {
            version = tally.Branches.Select(branch => branch.Version).Order(listing.Versions).LastOrDefault();
        }

        string[] ofVersion = [.. tally.Branches.Where(branch => branch.Version == version).Select(branch => branch.Branch).Distinct()];
        return ofVersion.Length == 1 ? ofVersion[0] : null;
    }

    /// <summary>A branch's raw name.</summary>
    /// <exception cref="Git.GitFormatException">No snapshot can have it.</exception>
    public static RefName NameOf(string branch) => RefName.FromBranch(Encoding.UTF8.GetBytes(branch));
}
