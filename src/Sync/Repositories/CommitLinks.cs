using Actors.Git;
using Actors.Git.Objects;

namespace Actors.Sync.Repositories;

/// <summary>The commits that a commit names as its parents; none for a root.</summary>
internal static class CommitLinks
{
    /// <exception cref="GitFormatException">The commit's first lines cannot be read.</exception>
    public static Oid[] Parents(GitObject commit)
    {
        var parents = new List<Oid>(1);
        ObjectReferences.Read(ObjectType.Commit, commit.Content.Span, reference =>
        {
            if (reference.Type == ObjectType.Commit)
            {
                parents.Add(reference.Oid);
            }
        });
        return [.. parents];
    }
}
