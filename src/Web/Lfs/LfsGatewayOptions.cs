using System.Net;
using Actors.Store.Blobs;

namespace Actors.Web.Lfs;

/// <summary>What a gateway serves and where.</summary>
public sealed record LfsGatewayOptions
{
    /// <summary>Holds mirrors: one, or any number below names. Stays the caller's.</summary>
    public required IBlobStore Blobs { get; init; }

    /// <summary>Where it listens; port 0: the system chooses.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>
    /// Where clients get a blob themselves: the bucket's public address, or a signed one; until when it is good, null for ever.
    /// Null: through the gateway.
    /// </summary>
    public Func<BlobKey, CancellationToken, ValueTask<(Uri Address, DateTimeOffset? ExpiresAt)>>? Link { get; init; }

    /// <summary>The gateway's own address as clients see it, where it is behind another server; null: what they asked for.</summary>
    public Uri? PublicAddress { get; init; }
}
