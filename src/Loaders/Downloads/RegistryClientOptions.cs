using System.Net;

namespace Actors.Loaders.Downloads;

/// <summary>How registries are spoken to.</summary>
public sealed record RegistryClientOptions
{
    /// <summary>The clock of deadlines and waits.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A connection stands within this time.</summary>
    public TimeSpan ConnectTimeMax { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between two reads no more time than this passes.</summary>
    public TimeSpan ReadIdleTimeMax { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Says who asks.</summary>
    public string UserAgent { get; init; } = "actors/1.0";

    /// <summary>The first wait before another attempt; each further one is twice as long.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections to one host.</summary>
    public int ConnectionsPerHostMax { get; init; } = 32;

    /// <summary>Redirects of one request.</summary>
    public int RedirectsMax { get; init; } = Git.Limits.RedirectsMax;

    /// <summary>Asked of each address before connecting: false refuses it. Null allows all.</summary>
    public Func<IPAddress, bool>? AddressGuard { get; init; }

    /// <summary>The patience of the hosts that files lie on, beside the host that is asked first; null: only the connections to one are bounded.</summary>
    public FileHosts? FileHosts { get; init; }

    /// <summary>
    /// Beginnings of addresses that are asked elsewhere, in order: registries name their files by full addresses, and a mirror
    /// has them at its own. Ids and manifests keep the address that the registry gave.
    /// </summary>
    public IReadOnlyList<(string From, string To)> Mirrors { get; init; } = [];
}
