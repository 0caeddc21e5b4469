using Actors.Git;
using Actors.Git.Objects;

namespace Actors.Sync.Repositories;

/// <summary>What a commit refers to.</summary>
/// <param name="Tree">Its tree.</param>
/// <param name="Parents">In the commit's order; none for a root.</param>
internal sealed record CommitLinks(Oid Tree, IReadOnlyList<Oid> Parents)
{
    /// <exception cref="GitFormatException">The commit's first lines cannot be read.</exception>
    public static CommitLinks Read(GitObject commit)
    {
        Oid tree = default;
        List<Oid>? parents = null;
        ObjectReferences.Read(ObjectType.Commit, commit.Content.Span, reference =>
        {
            if (reference.Type == ObjectType.Tree)
            {
                tree = reference.Oid;
            }
            else
            {
                (parents ??= []).Add(reference.Oid);
            }
        });
        return new CommitLinks(tree, parents ?? (IReadOnlyList<Oid>)[]);
    }
}
