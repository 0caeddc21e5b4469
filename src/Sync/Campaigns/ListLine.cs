using Actors.Git.Remotes;
using Actors.Store.WorldOfCode;

namespace Actors.Sync.Campaigns;

/// <summary>One line of a submitted list.</summary>
public readonly record struct ListLine
{
    /// <summary>What a line holds.</summary>
    public enum Kind
    {
        /// <summary>Empty, or a comment from <c>#</c> on.</summary>
        Nothing,

        /// <summary>A repository.</summary>
        Repository,

        /// <summary>Neither; <see cref="Reason"/> says why.</summary>
        Rejected,
    }

    public Kind Holds { get; init; }

    public RepositoryUrl Url { get; init; }

    public string? Reason { get; init; }

    /// <summary>
    /// Reads a line: a URL, a path, or a World of Code short form (<c>gh:owner/repo</c>). A comment begins with <c>#</c> at the
    /// start or after white space. Of fields separated by <c>;</c> (World of Code's heads files) the first is the URL and the
    /// rest is ignored. White space around, CR and a byte order mark are dropped. Never throws.
    /// </summary>
    /// <param name="line">The line, without its line feed.</param>
    /// <param name="isFromElsewhere">The list was sent from another machine: what is relative to a folder there means nothing here.</param>
    public static ListLine Parse(ReadOnlySpan<char> line, bool isFromElsewhere = false)
    {
        ReadOnlySpan<char> text = WithoutComment(line.TrimStart('\ufeff')).Trim();
        int field = text.IndexOf(';');
        bool fields = field >= 0;
        text = fields ? text[..field].TrimEnd() : text;
        if (text.IsEmpty)
        {
            return fields ? Reject("has fields but no URL") : default;
        }

        if (text.Contains('\ufffd'))
        {
            // What decoding puts where bytes were none of UTF-8: another repository's address, if any.
            return Reject("not UTF-8");
        }

        try
        {
            if (!RepositoryUrl.TryParse(ShortForms.Expand(text.ToString()), out RepositoryUrl url, out string? reason))
            {
                return Reject(reason);
            }

            bool isRelative = url.Scheme == "file" && text[0] != '/' && !text.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
            return isFromElsewhere && isRelative
                ? Reject("is neither a URL nor a path from '/' on: give an https URL")
                : new ListLine { Holds = Kind.Repository, Url = url };
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or NotSupportedException)
        {
            // The platform's URI and path types throw for some odd texts instead of refusing them; one line must not stop a list.
            return Reject("not a URL");
        }
    }

    private static ListLine Reject(string reason) => new() { Holds = Kind.Rejected, Reason = reason };

    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line)
    {
        for (int from = 0; line[from..].IndexOf('#') is >= 0 and var next;)
        {
            int at = from + next;
            if (at == 0 || char.IsWhiteSpace(line[at - 1]))
            {
                return line[..at];
            }

            from = at + 1;
        }

        return line;
    }
}
