using Actors.Store.Heads;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Engines;

/// <summary>The engine in one process, over a store and a git client: no server, no Orleans.</summary>
public sealed class LocalEngine : IEngine
{
    /// <inheritdoc/>
    public Task<CampaignState> RunAsync(CampaignRequest request, ICampaignObserver observer, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Being written in this issue.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
