using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Repositories;

/// <summary>Makes the snapshot of a visit from what the remote shows and the types of what it points to. Pure.</summary>
internal static class SnapshotDraft
{
    /// <summary>Kinds of targets that the snapshot before tells: the same oid is of the same type for ever.</summary>
    public static Dictionary<Oid, SnapshotTarget> KnownKinds(Snapshot? previous)
    {
        var kinds = new Dictionary<Oid, SnapshotTarget>();
        foreach (SnapshotBranch branch in previous?.Branches ?? [])
        {
            if (branch.Target is not (SnapshotTarget.Alias or SnapshotTarget.Dangling))
            {
                kinds[branch.Oid] = branch.Target;
            }
        }

        return kinds;
    }

    /// <summary>A git object's kind in Software Heritage's words.</summary>
    public static SnapshotTarget KindOf(ObjectType type) => type switch
    {
        ObjectType.Commit => SnapshotTarget.Revision,
        ObjectType.Tree => SnapshotTarget.Directory,
        ObjectType.Blob => SnapshotTarget.Content,
        ObjectType.Tag => SnapshotTarget.Release,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A head's object is in the store."),
    };

    /// <summary>The snapshot. A symref is an alias; HEAD that points to a branch not made yet is dangling, unless there is nothing at all.</summary>
    /// <param name="refs">What the remote shows.</param>
    /// <param name="kinds">The kind of each oid shown.</param>
    public static Snapshot Make(RefAdvertisement refs, IReadOnlyDictionary<Oid, SnapshotTarget> kinds)
    {
        var branches = new List<SnapshotBranch>(refs.Tips.Count + 1);
        bool head = false;
        foreach (RefTip tip in refs.Tips)
        {
            if (tip.Oid.IsZero)
            {
                continue;
            }

            head |= tip.Name == RefName.Head;
            SnapshotTarget kind = kinds[tip.Oid];
            branches.Add(tip.SymrefTarget is { } target
                ? new SnapshotBranch(tip.Name, SnapshotTarget.Alias, tip.Oid, AliasOf: target)
                : new SnapshotBranch(tip.Name, kind, tip.Oid, Peeled: kind == SnapshotTarget.Release ? tip.Peeled : null));
        }

        if (!head && branches.Count > 0 && refs.UnbornHeadTarget is { } unborn)
        {
            branches.Add(new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, Oid.Zero, AliasOf: unborn));
        }

        return branches.Count == 0 ? Snapshot.Empty : Snapshot.Create(branches);
    }
}
