using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Store.Objects;

namespace Actors.Sync.Workspaces;

/// <summary>A commit that the store has, and so all that it reaches.</summary>
/// <param name="Commit">Its oid.</param>
/// <param name="Tree">Its tree.</param>
internal sealed record ResolvedCommit(Oid Commit, Oid Tree)
{
    /// <summary>What a request names, from the stored heads and the store; null when they do not tell.</summary>
    /// <param name="objects">The store.</param>
    /// <param name="heads">The repository's stored heads, or null.</param>
    /// <param name="named">An oid, a ref or its short name; null: HEAD.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<ResolvedCommit?> FindAsync(IObjectStore objects, Snapshot? heads, string? named, CancellationToken cancellationToken)
    {
        if (!Oid.TryParse(named, out Oid oid))
        {
            if (heads is null || FindRef(heads, named ?? "HEAD") is not { } found)
            {
                return null;
            }

            oid = found;
        }

        for (int depth = 0; depth <= Limits.TagDepthMax; depth++)
        {
            GitObject? read = await objects.ReadAsync(oid, Limits.CommitBytesMax, cancellationToken).ConfigureAwait(false);
            switch (read?.Type)
            {
                case ObjectType.Commit:
                    return new ResolvedCommit(oid, ObjectReferences.List(ObjectType.Commit, read.Content.Span)[0].Oid);
                case ObjectType.Tag:
                    oid = ObjectReferences.List(ObjectType.Tag, read.Content.Span)[0].Oid;
                    break;
                case null:
                    return null;
                default:
                    throw new WorkspaceRefusedException(WorkspaceEnd.NotFound, $"{named ?? "HEAD"} is a {read.Type.ToName()}, no commit");
            }
        }

        throw new WorkspaceRefusedException(WorkspaceEnd.NotFound, $"{named} is a tag of more than {Limits.TagDepthMax} tags");
    }

    /// <summary>The refs in git's order of guessing (gitrevisions, "refname"), as far as a remote's heads have them.</summary>
    private static Oid? FindRef(Snapshot heads, string named)
    {
        foreach (string full in (ReadOnlySpan<string>)[named, "refs/" + named, "refs/tags/" + named, "refs/heads/" + named])
        {
            byte[] name = Encoding.UTF8.GetBytes(full);
            SnapshotBranch? branch = heads.Branches.FirstOrDefault(one => one.Name.Bytes.SequenceEqual(name));
            if (branch is not null && !branch.Oid.IsZero)
            {
                return branch.Oid;
            }
        }

        return null;
    }
}
