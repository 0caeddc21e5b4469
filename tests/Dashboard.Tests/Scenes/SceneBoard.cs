using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;
using Actors.Web.Tests.Api;

namespace Actors.Dashboard.Tests.Scenes;

/// <summary>A board whose campaigns, hosts and silos a test moves while a browser looks.</summary>
internal sealed class SceneBoard(TimeProvider clock) : ICampaignBoard
{
    private readonly MemoryBoard _campaigns = new(clock);
    private volatile IReadOnlyList<HostView> _hosts = [];

    /// <summary>Replaced as a whole: readers may be at it.</summary>
    public IReadOnlyList<HostView> Hosts
    {
        get => _hosts;
        set => _hosts = value;
    }

    public IReadOnlyList<SiloView> Silos { get; set; } = [];

    public IReadOnlyList<SyncReport> Failed { get; set; } = [];

    public IReadOnlyList<SyncReport> Slowest { get; set; } = [];

    public IReadOnlyList<string> Sentences { get; set; } = [];

    public void Change(CampaignId id, Func<CampaignView, CampaignView> change) => _campaigns.Change(id, change);

    public void Report(CampaignId id, ReportLine line) => _campaigns.Report(id, line);

    public Task<CampaignId> SubmitAsync(CampaignOrder order, Stream list, CancellationToken cancellationToken) => _campaigns.SubmitAsync(order, list, cancellationToken);

    public IAsyncEnumerable<CampaignView> ListAsync(CancellationToken cancellationToken) => _campaigns.ListAsync(cancellationToken);

    public Task<CampaignView?> FindAsync(CampaignId id, CancellationToken cancellationToken) => _campaigns.FindAsync(id, cancellationToken);

    public IAsyncEnumerable<CampaignView> WatchAsync(CampaignId id, CancellationToken cancellationToken) => _campaigns.WatchAsync(id, cancellationToken);

    public Task<CampaignPhase?> SteerAsync(CampaignId id, CampaignPhase wanted, CancellationToken cancellationToken) => _campaigns.SteerAsync(id, wanted, cancellationToken);

    public Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken) => _campaigns.SetPriorityAsync(id, priority, cancellationToken);

    public IAsyncEnumerable<ReportLine> ReadReportAsync(CampaignId id, long after, bool follow, CancellationToken cancellationToken) =>
        _campaigns.ReadReportAsync(id, after, follow, cancellationToken);

    public Task<(IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest)> ListTroublesAsync(int max, CancellationToken cancellationToken) =>
        Task.FromResult<(IReadOnlyList<SyncReport>, IReadOnlyList<SyncReport>)>(([.. Failed.Take(max)], [.. Slowest.Take(max)]));

    public Task<IReadOnlyList<string>> ExplainAsync(RepositoryUrl url, CancellationToken cancellationToken) => Task.FromResult(Sentences);

    public Task<IReadOnlyList<HostView>> ListHostsAsync(CancellationToken cancellationToken) => Task.FromResult(Hosts);

    public Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        Hosts = [.. Hosts.Select(view => view.Host == host ? view with { BrakedUntil = until } : view)];
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<SiloView>> ListSilosAsync(CancellationToken cancellationToken) => Task.FromResult(Silos);

    public Task<WatchView?> ViewWatchAsync(CancellationToken cancellationToken) => Task.FromResult<WatchView?>(null);

    public ValueTask DisposeAsync() => _campaigns.DisposeAsync();
}
