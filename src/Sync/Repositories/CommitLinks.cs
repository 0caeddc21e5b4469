using Actors.Git;
using Actors.Git.Objects;

namespace Actors.Sync.Repositories;

/// <summary>What a commit refers to, as its first header lines say (git-commit-tree): one tree, any number of parents.</summary>
/// <param name="Tree">The commit's tree.</param>
/// <param name="Parents">In the commit's order; none for a root.</param>
internal sealed record CommitLinks(Oid Tree, IReadOnlyList<Oid> Parents)
{
    /// <exception cref="GitFormatException">No tree line, or a line that holds no oid.</exception>
    public static CommitLinks Read(ReadOnlySpan<byte> commit)
    {
        if (!TryReadLine(ref commit, "tree "u8, out Oid tree))
        {
            throw new GitFormatException(GitFormatError.Object, "A commit does not begin with its tree.");
        }

        List<Oid>? parents = null;
        while (TryReadLine(ref commit, "parent "u8, out Oid parent))
        {
            (parents ??= []).Add(parent);
        }

        return new CommitLinks(tree, parents ?? (IReadOnlyList<Oid>)[]);
    }

    private static bool TryReadLine(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> keyword, out Oid oid)
    {
        oid = default;
        int length = keyword.Length + Oid.HexLength + 1;
        if (text.Length < length || !text.StartsWith(keyword) || text[length - 1] != '\n'
            || !Oid.TryParse(text.Slice(keyword.Length, Oid.HexLength), out oid))
        {
            return false;
        }

        text = text[length..];
        return true;
    }
}
