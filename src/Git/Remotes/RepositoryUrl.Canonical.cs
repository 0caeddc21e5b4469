using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Actors.Git.Remotes;

public readonly partial record struct RepositoryUrl
{
    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    private static readonly System.Buffers.SearchValues<char> NotInUser = System.Buffers.SearchValues.Create(" '\"\\;&|$`<>()");

    /// <summary>As <see cref="Parse"/>, with the reason as a value.</summary>
    public static bool TryParse(string text, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        url = default;
        reason = Refuse(text);
        if (reason is not null)
        {
            return false;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        bool hasScheme = colon > 0 && text.AsSpan(colon).StartsWith("://", StringComparison.Ordinal) && !text.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters);
        if (hasScheme)
        {
            return TryParseScheme(text, colon, out url, out reason);
        }

        // git's rule (urlmatch, connect.c): a colon before the first slash makes it host:path; brackets hold an IPv6 address.
        int end = text[0] == '[' || text.Contains("@[", StringComparison.Ordinal) ? text.IndexOf("]:", StringComparison.Ordinal) + 1 : colon;
        return end > 0 && text[0] is not ('/' or '.' or '~') && !text.AsSpan(0, end).Contains('/')
            ? TryParseScp(text, end, out url, out reason)
            : TryParsePath(text, out url, out reason);
    }

    private static string? Refuse(string text)
    {
        if (text.Length == 0)
        {
            return "empty";
        }

        if (text.Length > Limits.UrlCharsMax)
        {
            return $"longer than {Limits.UrlCharsMax} characters";
        }

        if (text[0] == '-')
        {
            return "begins with '-'";
        }

        // ext::, fd:: and kin name a helper program: git would run it.
        int helper = text.IndexOf("::", StringComparison.Ordinal);
        if (helper > 0 && !text.AsSpan(0, helper).ContainsAnyExcept(SchemeCharacters))
        {
            return "names a remote helper ('::')";
        }

        foreach (char c in text)
        {
            if (char.IsControl(c))
            {
                return "has a control character";
            }
        }

        return null;
    }

    private static bool TryParseScheme(string text, int colon, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        string scheme = text[..colon].ToLowerInvariant();
        string rest = text[(colon + 3)..];
        return scheme switch
        {
            "https" or "http" or "git" or "ssh" => TryParseNetwork(scheme, rest, out url, out reason),
            "git+ssh" or "ssh+git" => TryParseNetwork("ssh", rest, out url, out reason),
            "file" => TryParseFile(rest, out url, out reason),
            _ => Fail($"scheme '{scheme}' is not one of https, http, git, ssh, file", out reason),
        };
    }

    private static bool TryParseNetwork(string scheme, string rest, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        // Taken from the text, not from Uri: percent-escapes stay as the person wrote them.
        int slash = rest.AsSpan().IndexOfAny('/', '?', '#');
        string authority = slash < 0 ? rest : rest[..slash];
        string path = slash < 0 || rest[slash] != '/' ? "" : rest[slash..];
        int end = path.AsSpan().IndexOfAny('?', '#');
        path = (end < 0 ? path : path[..end]).TrimEnd('/');
        reason = RefusePath(path);
        if (reason is not null)
        {
            return false;
        }

        int at = authority.LastIndexOf('@');
        string user = scheme == "ssh" && at > 0 ? authority[..at].Split(':')[0] : "";
        // http is asked for, whatever the scheme: Uri knows its grammar of hosts best.
        if (authority.Contains('\\', StringComparison.Ordinal) || !Uri.TryCreate($"http://{authority[(at + 1)..]}/", UriKind.Absolute, out Uri? uri) || uri.UserInfo.Length > 0 || uri.AbsolutePath != "/")
        {
            return Fail("has no host, or one that no host can be called", out reason);
        }

        return TryBuild(scheme, user, uri, authority[(at + 1)..], path, out url, out reason);
    }

    private static bool TryBuild(string scheme, string user, Uri uri, string written, string path, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        string host = HostOf(uri);
        if (host.Length == 0 || host[0] == '-' || host.AsSpan().ContainsAny(" %/\\@"))
        {
            return Fail("has no host, or one that no host can be called", out reason);
        }

        if (user.Length > 0 && (user[0] == '-' || user.AsSpan().ContainsAny(NotInUser) || RefuseEscapes(user) is not null || Uri.UnescapeDataString(user)[0] == '-'))
        {
            return Fail("has a user that could not be", out reason);
        }

        // Uri drops http's own port; for the others it was said.
        int? port = uri.IsDefaultPort ? (written.EndsWith(":80", StringComparison.Ordinal) ? 80 : null) : uri.Port;
        if (port == 0)
        {
            return Fail("has port 0", out reason);
        }

        int defaultPort = scheme switch { "https" => 443, "http" => 80, "git" => 9418, _ => 22 };
        string authority = port is null || port == defaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        // The user of an ssh URL is part of the address, not a credential; a password never is.
        url = new RepositoryUrl($"{scheme}://{(user.Length > 0 ? user + "@" : "")}{authority}{path}", ForgeHost.Parse(authority));
        reason = null;
        return true;
    }

    /// <summary>
    /// The host in ASCII and lower case; empty when its characters are none that a name may have, which Uri finds out only when
    /// asked, or when without the dots at its end it would be another host ("9999." is a name, "9999" an address).
    /// </summary>
    private static string HostOf(Uri uri)
    {
        try
        {
            if (uri.HostNameType == UriHostNameType.IPv6)
            {
                return uri.Host;
            }

            string host = uri.IdnHost.ToLowerInvariant();
            string name = host.TrimEnd('.');
            return name.Length == host.Length || (Uri.TryCreate($"http://{name}/", UriKind.Absolute, out Uri? same) && same.IdnHost == name) ? name : "";
        }
        catch (UriFormatException)
        {
            return "";
        }
    }

    private static string? RefusePath(string path)
    {
        if (path.Length == 0)
        {
            return "has no path";
        }

        if (path.AsSpan().ContainsAny(' ', '\\'))
        {
            return "has a space or backslash: write it as %20 or %5C";
        }

        if (RefuseEscapes(path) is { } bad)
        {
            return bad;
        }

        // On the way, Uri and servers would resolve them: one repository would have two names, or leave its place.
        foreach (string segment in path.Split('/'))
        {
            if (Uri.UnescapeDataString(segment) is "." or "..")
            {
                return "has '.' or '..' in its path";
            }
        }

        return null;
    }

    private static string? RefuseEscapes(string text)
    {
        for (int i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                return "has a '%' without two hex digits";
            }
        }

        foreach (char c in Uri.UnescapeDataString(text))
        {
            if (char.IsControl(c))
            {
                return "has a control character";
            }
        }

        return null;
    }

    /// <summary>git's scp-like form <c>[user@]host:path</c>: the path is relative to the home folder, which <c>ssh://host/~/</c> says too; nothing in it is an escape.</summary>
    private static bool TryParseScp(string text, int colon, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        string path = Escape(text[(colon + 1)..]);
        string absolute = path.StartsWith('/') ? path : path.StartsWith('~') ? "/" + path : "/~/" + path;
        url = default;
        return path.Trim('/').Length == 0
            ? Fail("has no path", out reason)
            : TryParseNetwork("ssh", text[..colon] + absolute, out url, out reason);
    }

    /// <summary>A <c>file://</c> URL: as for git, all behind the host is path, <c>?</c> and <c>#</c> too; escapes are resolved.</summary>
    private static bool TryParseFile(string rest, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !(slash == 0 || rest.AsSpan(0, slash).Equals("localhost", StringComparison.OrdinalIgnoreCase)))
        {
            return Fail("is a file URL with a host or without an absolute path", out reason);
        }

        reason = RefuseEscapes(rest[slash..]);
        return reason is null && TryParsePath(Uri.UnescapeDataString(rest[slash..]), out url, out reason);
    }

    private static bool TryParsePath(string text, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        if (text[0] == '~')
        {
            return Fail("begins with '~': give the whole path", out reason);
        }

        string path = Path.GetFullPath(text).TrimEnd('/');
        if (path.Length == 0)
        {
            return Fail("has no path", out reason);
        }

        url = new RepositoryUrl("file://" + Escape(path), ForgeHost.Parse("localhost"));
        reason = null;
        return true;
    }

    /// <summary>What would be read otherwise in a URL than in a path.</summary>
    private static string Escape(string path) => path
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace(" ", "%20", StringComparison.Ordinal)
        .Replace("\\", "%5C", StringComparison.Ordinal)
        .Replace("?", "%3F", StringComparison.Ordinal)
        .Replace("#", "%23", StringComparison.Ordinal);

    private static bool Fail(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
