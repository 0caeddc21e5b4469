using Actors.Git.Remotes;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Mirrors;

/// <summary>A source and where its mirror is.</summary>
/// <param name="Source">What is mirrored.</param>
/// <param name="Target">As given: <c>s3://bucket/prefix</c> or a directory.</param>
public sealed record MirrorPair(RepositoryUrl Source, string Target)
{
    /// <summary>
    /// Reads a line of pairs: SOURCE in any form that <see cref="ListLine"/> reads, TAB or spaces, TARGET. A TAB separates even
    /// where there are spaces in a path; else the last run of spaces does. Null: empty, or a comment.
    /// </summary>
    /// <exception cref="FormatException">Neither a pair nor empty.</exception>
    public static MirrorPair? Parse(string line)
    {
        string text = line.Trim();
        if (text.Length == 0 || text[0] == '#')
        {
            return null;
        }

        int separator = text.IndexOf('\t', StringComparison.Ordinal) is >= 0 and var tab ? tab : text.LastIndexOf(' ');
        return separator < 0
            ? throw new FormatException("no target: write SOURCE, a TAB, TARGET")
            : Of(text[..separator], text[(separator + 1)..]);
    }

    /// <summary>A pair of its two texts.</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static MirrorPair Of(string source, string target)
    {
        ListLine line = ListLine.Parse(source);
        if (line.Holds != ListLine.Kind.Repository)
        {
            throw new FormatException(line.Reason ?? "no source");
        }

        string where = target.Trim();
        return where.Length > 0 ? new MirrorPair(line.Url, where) : throw new FormatException("no target");
    }
}
