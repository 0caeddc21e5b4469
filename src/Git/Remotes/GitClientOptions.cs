using System.Net;
using System.Net.Security;

namespace Actors.Git.Remotes;

/// <summary>How a <see cref="GitClient"/> behaves; the same for all remotes.</summary>
public sealed record GitClientOptions
{
    /// <summary>The clock of deadlines and of Retry-After dates.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A connection stands within this time, TLS included.</summary>
    public TimeSpan ConnectTimeMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between two reads no more time than this passes. A server may count objects for minutes before a pack; it sends keep-alives then.</summary>
    public TimeSpan ReadIdleTimeMax { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>One probe in all, redirects and the learning of a profile included.</summary>
    public TimeSpan ProbeTimeMax { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Connections to one host and port; further exchanges wait. HTTP/2 carries many exchanges on one.</summary>
    public int ConnectionsPerHostMax { get; init; } = 64;

    /// <summary>Begins with <c>git/</c>: some forges answer git's requests only to such an agent.</summary>
    public string UserAgent { get; init; } = "git/2.50.0 actors/1.0";

    /// <summary>Bytes of one ref advertisement, decompressed.</summary>
    public long AdvertisementBytesMax { get; init; } = Limits.AdvertisementBytesMax;

    /// <summary>Redirects of one request.</summary>
    public int RedirectsMax { get; init; } = Limits.RedirectsMax;

    /// <summary>Asked of each address that a host name resolves to, before connecting (http, https, git): false refuses it. Null allows all.</summary>
    public Func<IPAddress, bool>? AddressGuard { get; init; }

    /// <summary>Judges servers' certificates in place of the system's trust (a forge with its own authority); null trusts as the system does.</summary>
    public RemoteCertificateValidationCallback? CertificateCheck { get; init; }

    /// <summary>Whether <c>file://</c> and paths are served: a list of strangers should not read this machine's disk.</summary>
    public bool AllowLocal { get; init; } = true;

    /// <summary>Whether the environment's proxies (<c>https_proxy</c> and kin) are used.</summary>
    public bool UseProxy { get; init; } = true;

    /// <summary>The ssh program, called as OpenSSH's is.</summary>
    public string SshProgram { get; init; } = "ssh";

    /// <summary>The git program, for <c>file://</c> and paths.</summary>
    public string GitProgram { get; init; } = "git";

    internal GitClientOptions Checked()
    {
        if (!UserAgent.StartsWith("git/", StringComparison.Ordinal))
        {
            throw new ArgumentException("The user agent must begin with 'git/'.", nameof(UserAgent));
        }

        return this;
    }
}
