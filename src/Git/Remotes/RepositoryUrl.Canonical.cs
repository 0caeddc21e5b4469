using System.Diagnostics.CodeAnalysis;

namespace Actors.Git.Remotes;

public readonly partial record struct RepositoryUrl
{
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

        if (text[0] is '/' or '.' or '~' || !text.Contains("://", StringComparison.Ordinal))
        {
            return text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && text[0] is not ('/' or '.' or '~')
                && !text.AsSpan(0, colon).Contains('/')
                ? TryParseScp(text, colon, out url, out reason)
                : TryParsePath(text, out url, out reason);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri))
        {
            reason = "not a URL";
            return false;
        }

        return uri.Scheme switch
        {
            "https" or "http" or "git" or "ssh" => TryParseNetwork(uri, text, out url, out reason),
            "file" => TryParsePath(Uri.UnescapeDataString(uri.AbsolutePath), out url, out reason),
            "git+ssh" or "ssh+git" => TryParse("ssh" + text[text.IndexOf("://", StringComparison.Ordinal)..], out url, out reason),
            _ => Fail($"scheme '{uri.Scheme}' is not one of https, http, git, ssh, file", out reason),
        };
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
        if (text.Contains("::", StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal))
        {
            return "names a remote helper ('::')";
        }

        foreach (char c in text)
        {
            if (c <= ' ' || c == '\x7f' || char.IsControl(c))
            {
                return "has white space or a control character";
            }
        }

        return null;
    }

    private static bool TryParseNetwork(Uri uri, string text, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        string host = uri.IdnHost.ToLowerInvariant().TrimEnd('.');
        if (uri.HostNameType == UriHostNameType.IPv6)
        {
            host = $"[{host}]";
        }

        // Taken from the text, not from Uri: percent-escapes and dots stay as the person wrote them.
        int start = text.IndexOf('/', text.IndexOf("://", StringComparison.Ordinal) + 3);
        string path = start < 0 ? "" : text[start..];
        int end = path.AsSpan().IndexOfAny('?', '#');
        path = (end < 0 ? path : path[..end]).TrimEnd('/');
        if (host.Length == 0 || host[0] == '-')
        {
            return Fail("has no host", out reason);
        }

        if (path.Length == 0)
        {
            return Fail("has no path", out reason);
        }

        int defaultPort = uri.Scheme switch { "https" => 443, "http" => 80, "git" => 9418, _ => 22 };
        string authority = uri.Port is -1 || uri.Port == defaultPort ? host : $"{host}:{uri.Port}";
        // The user of an ssh URL is part of the address, not a credential; a password never is.
        string user = uri.Scheme == "ssh" && uri.UserInfo.Length > 0 ? uri.UserInfo.Split(':')[0] + "@" : "";
        if (user.Length > 0 && user[0] == '-')
        {
            return Fail("has a user that begins with '-'", out reason);
        }

        url = new RepositoryUrl($"{uri.Scheme}://{user}{authority}{path}", ForgeHost.Parse(authority));
        reason = null;
        return true;
    }

    /// <summary>git's scp-like form <c>[user@]host:path</c>: the path is relative to the home folder, which <c>ssh://host/~/</c> says too.</summary>
    private static bool TryParseScp(string text, int colon, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        string path = text[(colon + 1)..];
        return TryParse($"ssh://{text[..colon]}{(path.StartsWith('/') ? path : path.StartsWith('~') ? "/" + path : "/~/" + path)}", out url, out reason);
    }

    private static bool TryParsePath(string text, out RepositoryUrl url, [NotNullWhen(false)] out string? reason)
    {
        url = default;
        if (text[0] == '~')
        {
            return Fail("begins with '~': give the whole path", out reason);
        }

        string path = Path.GetFullPath(text);
        path = path.Length > 1 ? path.TrimEnd('/') : path;
        url = new RepositoryUrl("file://" + path, ForgeHost.Parse("localhost"));
        reason = null;
        return true;
    }

    private static bool Fail(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
