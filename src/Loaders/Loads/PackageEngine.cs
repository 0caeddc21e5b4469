using System.Threading.Channels;
using Actors.Loaders.Packages;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.Repositories;

namespace Actors.Loaders.Loads;

/// <summary>Campaigns of packages: the engine of repositories, with loads in place of syncs, and external ids written behind the visits.</summary>
/// <param name="engine">Made over <see cref="PackageSync.RunAsync"/> of <paramref name="sync"/>.</param>
/// <param name="sync">The loads.</param>
/// <param name="catalog">Which packages the list names.</param>
public sealed class PackageEngine(IEngine engine, PackageSync sync, PackageCatalog catalog)
{
    /// <summary>Runs a campaign whose list has one package a line; see <see cref="PackageCatalog.Add"/>.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; what was recorded is kept, its external ids too.</exception>
    public async Task<CampaignState> RunAsync(CampaignRequest request, IPackageObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Channel<FinishedLoad> recorded = Channel.CreateUnbounded<FinishedLoad>(new UnboundedChannelOptions { SingleReader = true });
        Task writing = WriteAsync(recorded.Reader);
        try
        {
            using PackageListReader list = new(request.List, catalog, observer.LineRejected);
            return await engine.RunAsync(request with { List = list }, new Forwarding(observer, sync, recorded.Writer), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            recorded.Writer.Complete();
            await writing.ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(ChannelReader<FinishedLoad> recorded)
    {
        await foreach (FinishedLoad load in recorded.ReadAllAsync().ConfigureAwait(false))
        {
            await sync.WriteAsync(load, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private sealed class Forwarding(IPackageObserver observer, PackageSync sync, ChannelWriter<FinishedLoad> recorded) : ICampaignObserver
    {
        public void Began(CampaignState campaign, bool resumed) => observer.Began(campaign, resumed);

        public void LineRejected(long lineNumber, string line, string reason) => observer.LineRejected(lineNumber, line, reason);

        public void Progressed(CampaignProgress progress) => observer.Progressed(progress);

        public void SyncEnded(SyncReport report)
        {
            if (sync.Finish(report.Url) is { } load)
            {
                _ = recorded.TryWrite(load);
                observer.LoadEnded(report, load.Report);
            }
            else
            {
                observer.SyncEnded(report);
            }
        }
    }
}
