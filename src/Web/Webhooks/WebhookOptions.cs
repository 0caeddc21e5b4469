using System.Net;
using Actors.Sync.Schedules;

namespace Actors.Web.Webhooks;

/// <summary>How push events are received.</summary>
public sealed record WebhookOptions
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>What forges sign with, as it is entered there; not empty.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Told of each push: all names of its repository.</summary>
    public required Func<IReadOnlyList<ToldChange>, CancellationToken, Task<int>> Tell { get; init; }

    /// <summary>When a push came.</summary>
    public required TimeProvider Clock { get; init; }
}
