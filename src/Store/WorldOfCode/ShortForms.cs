namespace Actors.Store.WorldOfCode;

/// <summary>
/// World of Code's short forms of URLs: <c>gh:owner/repo</c> and its like, which its users' lists and heads files hold.
/// An <c>ssh</c> host named like one of them is written <c>ssh://gh/…</c>.
/// </summary>
public static class ShortForms
{
    private static readonly (string Prefix, string Base)[] Forms =
    [
        ("gh:", "https://github.com/"),
        ("gl:", "https://gitlab.com/"),
        ("bb:", "https://bitbucket.org/"),
        ("dr:", "https://git.drupalcode.org/"),
        ("deb:", "https://salsa.debian.org/"),
    ];

    /// <summary>
    /// The URL that a short form stands for, and any other text as it is, but without the credentials of an
    /// <c>http</c> or <c>https</c> URL: World of Code writes <c>https://a:a@host/…</c> so that git never asks for a
    /// password, and some servers answer such credentials with 400. Says nothing about whether the result is a URL.
    /// </summary>
    public static string Expand(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((string prefix, string forge) in Forms)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                string path = text[prefix.Length..].TrimStart('/');
                // Drupal keeps all modules under project/, which older lists leave out.
                bool bare = prefix == "dr:" && path.Length > 0 && !path.Contains('/', StringComparison.Ordinal);
                return forge + (bare ? "project/" : "") + path;
            }
        }

        return WithoutCredentials(text);
    }

    private static string WithoutCredentials(string text)
    {
        int start = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : -1;
        if (start < 0)
        {
            return text;
        }

        int slash = text.AsSpan(start).IndexOfAny('/', '?', '#');
        int at = text.AsSpan(start, slash < 0 ? text.Length - start : slash).LastIndexOf('@');
        return at < 0 ? text : string.Concat(text.AsSpan(0, start), text.AsSpan(start + at + 1));
    }
}
