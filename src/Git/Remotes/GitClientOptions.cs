using System.Net;
using System.Net.Security;
using Actors.Git.Transport;

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

    /// <summary>
    /// Whether addresses of this machine, its network, and of clouds' metadata servers may be reached. A person's console may; a
    /// server that works for strangers may not: false also turns off proxies, which resolve names by themselves, and local paths.
    /// </summary>
    public bool AllowPrivate { get; init; } = true;

    /// <summary>Credentials by host; null: all requests are anonymous.</summary>
    public HostCredentials? Credentials { get; init; }

    /// <summary>Told which address a host was reached at, each time that a connection to it stands (http, https, git; not by proxy).</summary>
    public Action<ForgeHost, IPAddress>? Connected { get; init; }

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

    /// <summary>The options as they are obeyed; checking twice changes nothing.</summary>
    internal GitClientOptions Checked()
    {
        if (!UserAgent.StartsWith("git/", StringComparison.Ordinal))
        {
            throw new ArgumentException("The user agent must begin with 'git/'.", nameof(UserAgent));
        }

        if (AllowPrivate)
        {
            return this;
        }

        Func<IPAddress, bool>? guard = AddressGuard;
        return this with { AllowPrivate = true, AddressGuard = address => PublicAddress.Is(address) && guard?.Invoke(address) != false, UseProxy = false, AllowLocal = false };
    }
}
