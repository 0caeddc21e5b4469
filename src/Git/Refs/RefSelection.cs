using System.Text;

namespace Actors.Git.Refs;

/// <summary>
/// Which refs of a remote a visit looks at. <c>default</c>: HEAD, <c>refs/heads/</c>, <c>refs/tags/</c>; <c>all</c>: every
/// ref, pull and merge-request refs too; or patterns, comma-separated: full names or prefixes ending in <c>*</c>
/// (<c>refs/heads/*,refs/pull/*</c>), HEAD always included.
/// </summary>
public sealed partial record RefSelection
{
    private readonly (byte[] Bytes, bool IsPrefix)[] _patterns;

    private RefSelection(string text, IReadOnlyList<string> prefixes)
    {
        (Text, Prefixes) = (text, prefixes);
        string[] patterns = text switch { "default" => ["HEAD", "refs/heads/*", "refs/tags/*"], "all" => [], _ => text.Split(',') };
        _patterns = [.. patterns.Select(p => (Encoding.UTF8.GetBytes(p.TrimEnd('*')), p.EndsWith('*')))];
    }

    /// <summary>HEAD, branches and tags.</summary>
    public static RefSelection Default { get; } = new("default", ["HEAD", "refs/heads/", "refs/tags/"]);

    /// <summary>Every ref that the remote advertises.</summary>
    public static RefSelection All { get; } = new("all", []);

    /// <summary>The selection as <see cref="Parse"/> reads it: part of what a stored advertisement digest stands for.</summary>
    public string Text { get; }

    /// <summary>Values for <c>ref-prefix</c> (gitprotocol-v2, ls-refs); empty asks for all. A prefix may match more than is selected.</summary>
    public IReadOnlyList<string> Prefixes { get; }

    /// <summary>Parses <c>default</c>, <c>all</c>, or comma-separated full names and prefixes.</summary>
    /// <exception cref="FormatException">A pattern that is neither <c>HEAD</c> nor begins with <c>refs/</c>, or has <c>*</c> before its end.</exception>
    public static RefSelection Parse(string text) => text switch
    {
        "default" => Default,
        "all" => All,
        _ => ParsePatterns(text),
    };

    public override string ToString() => Text;

    /// <summary>The text is all that a selection is.</summary>
    public bool Equals(RefSelection? other) => other?.Text == Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <summary>Whether this ref is selected: servers may show more than the prefixes that they were given.</summary>
    public bool Matches(RefName name) => Matches(name.Bytes);

    internal bool Matches(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] bytes, bool isPrefix) in _patterns)
        {
            if (isPrefix ? name.StartsWith(bytes) : name.SequenceEqual(bytes))
            {
                return true;
            }
        }

        return _patterns.Length == 0;
    }

    private static RefSelection ParsePatterns(string text)
    {
        string[] patterns = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string pattern in patterns)
        {
            bool known = pattern == "HEAD" || pattern.StartsWith("refs/", StringComparison.Ordinal);
            if (!known || pattern.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star != pattern.Length - 1)
            {
                throw new FormatException($"'{pattern}' is not a ref pattern: a full name (refs/heads/main) or a prefix that ends in '*' (refs/heads/*).");
            }
        }

        if (patterns.Length == 0)
        {
            throw new FormatException("A ref selection is 'default', 'all', or patterns such as refs/heads/*.");
        }

        string[] sorted = [.. patterns.Where(p => p != "HEAD").Order(StringComparer.Ordinal).Distinct()];
        return new RefSelection(string.Join(',', sorted.Prepend("HEAD")), ["HEAD", .. sorted.Select(p => p.TrimEnd('*'))]);
    }
}
