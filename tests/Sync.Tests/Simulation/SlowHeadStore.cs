using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.TestKit.Clocks;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// A head store whose look-ups and records take random times of the simulated clock; a record is written at its beginning or at
/// its end, so that a crash between finds it either way. Outlives the engines of a simulation.
/// </summary>
internal sealed class SlowHeadStore(IHeadStore inner, Random random) : IHeadStore
{
    public ManualTimeProvider Clock { get; set; } = new();

    public async ValueTask<IReadOnlyList<RepositoryState?>> FindAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        IReadOnlyList<RepositoryState?> found = await inner.FindAsync(urls, cancellationToken);
        await PauseAsync(20);
        return found;
    }

    public async ValueTask RecordAsync(IReadOnlyList<Visit> visits, CancellationToken cancellationToken)
    {
        if (random.Next(2) == 0)
        {
            await inner.RecordAsync(visits, cancellationToken);
            await PauseAsync(2000);
        }
        else
        {
            await PauseAsync(2000);
            await inner.RecordAsync(visits, cancellationToken);
        }
    }

    public ValueTask<Snapshot?> ReadSnapshotAsync(SnapshotId id, CancellationToken cancellationToken) => inner.ReadSnapshotAsync(id, cancellationToken);

    public IAsyncEnumerable<RepositoryState> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public IAsyncEnumerable<Visit> ListVisitsAsync(RepositoryUrl url, CancellationToken cancellationToken) => inner.ListVisitsAsync(url, cancellationToken);

    public ValueTask<IReadOnlyList<long>> CountByOutcomeAsync(CancellationToken cancellationToken) => inner.CountByOutcomeAsync(cancellationToken);

    public IAsyncEnumerable<ForgeHostState> ListForgeHostsAsync(CancellationToken cancellationToken) => inner.ListForgeHostsAsync(cancellationToken);

    public ValueTask SaveForgeHostAsync(ForgeHostState state, CancellationToken cancellationToken) => inner.SaveForgeHostAsync(state, cancellationToken);

    public ValueTask SaveProfilesAsync(IReadOnlyList<(ForgeHost Host, string Profile)> profiles, CancellationToken cancellationToken) => inner.SaveProfilesAsync(profiles, cancellationToken);

    public ValueTask<CampaignState> BeginCampaignAsync(CampaignState campaign, CancellationToken cancellationToken) => inner.BeginCampaignAsync(campaign, cancellationToken);

    public ValueTask SaveCampaignAsync(CampaignState campaign, CancellationToken cancellationToken) => inner.SaveCampaignAsync(campaign, cancellationToken);

    public IAsyncEnumerable<CampaignState> ListCampaignsAsync(CancellationToken cancellationToken) => inner.ListCampaignsAsync(cancellationToken);

    public ValueTask ImportAsync(IReadOnlyList<ImportedHeads> heads, CancellationToken cancellationToken) => inner.ImportAsync(heads, cancellationToken);

    public ValueTask<ImportedHeads?> FindImportedAsync(RepositoryUrl url, CancellationToken cancellationToken) => inner.FindImportedAsync(url, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task PauseAsync(int milliseconds) =>
        random.Next(2) == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, milliseconds)), Clock);
}
