namespace Actors.Git.Remotes;

public readonly partial record struct RepositoryUrl
{
    /// <summary>The path with its percent-escapes resolved: what a program or a git server is given.</summary>
    internal string DecodedPath => Uri.UnescapeDataString(EncodedPath);

    /// <summary>Host without port; an IPv6 address without its brackets.</summary>
    internal string HostName
    {
        get
        {
            string authority = Host.ToString();
            int colon = authority.LastIndexOf(':');
            string name = colon > authority.LastIndexOf(']') ? authority[..colon] : authority;
            return name.Trim('[', ']');
        }
    }

    /// <summary>The port where it is not the scheme's own.</summary>
    internal int? Port
    {
        get
        {
            string authority = Host.ToString();
            int colon = authority.LastIndexOf(':');
            return colon > authority.LastIndexOf(']') ? int.Parse(authority.AsSpan(colon + 1), null) : null;
        }
    }

    /// <summary>The user of an ssh URL, or null.</summary>
    internal string? User
    {
        get
        {
            ReadOnlySpan<char> authority = ToString().AsSpan(Scheme.Length + 3);
            authority = authority[..authority.IndexOf('/')];
            int at = authority.LastIndexOf('@');
            return at < 0 ? null : Uri.UnescapeDataString(authority[..at]);
        }
    }

    private ReadOnlySpan<char> EncodedPath
    {
        get
        {
            ReadOnlySpan<char> rest = ToString().AsSpan(Scheme.Length + 3);
            return rest[rest.IndexOf('/')..];
        }
    }
}
