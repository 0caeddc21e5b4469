using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// A campaign store as a silo of a simulation has it: answers take time, sometimes so long that leases end; calls fail before or after they were
/// heard; a dead silo hears nothing.
/// </summary>
internal sealed class SiloStore(ICampaignStore inner, SimulatedSilo silo, Random random) : ICampaignStore
{
    public async Task<HoldState> CheckpointAsync(ChunkCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await PauseAsync();
        Fail();
        HoldState state = await inner.CheckpointAsync(checkpoint, cancellationToken);
        Fail();
        await PauseAsync();
        return state;
    }

    public async Task<IReadOnlyList<ClaimedChunk>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClaimedChunk> chunks = await inner.ClaimAsync(request, cancellationToken);
        await PauseAsync();
        return chunks;
    }

    public async Task SilenceAsync(IReadOnlyList<(ForgeHost Host, DateTimeOffset? Until)> hosts, CancellationToken cancellationToken)
    {
        await PauseAsync();
        await inner.SilenceAsync(hosts, cancellationToken);
    }

    public Task<StoredCampaign> SubmitAsync(NewCampaign campaign, IAsyncEnumerable<SubmittedLine> lines, SubmissionOptions? options, CancellationToken cancellationToken) =>
        inner.SubmitAsync(campaign, lines, options, cancellationToken);

    public IAsyncEnumerable<StoredCampaign> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public Task<StoredCampaign?> FindAsync(CampaignId id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public Task<CampaignStage?> SteerAsync(CampaignId id, CampaignStage wanted, CancellationToken cancellationToken) => inner.SteerAsync(id, wanted, cancellationToken);

    public Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken) => inner.SetPriorityAsync(id, priority, cancellationToken);

    public Task<IReadOnlyList<HoldState>> RenewAsync(IReadOnlyList<ChunkHold> holds, TimeSpan lease, CancellationToken cancellationToken) => inner.RenewAsync(holds, lease, cancellationToken);

    public IAsyncEnumerable<StoredReportLine> ReadReportAsync(CampaignId id, long after, CancellationToken cancellationToken) => inner.ReadReportAsync(id, after, cancellationToken);

    public Task<IReadOnlyList<HostBacklog>> CountBacklogAsync(CampaignId? campaign, int hostsMax, CancellationToken cancellationToken) => inner.CountBacklogAsync(campaign, hostsMax, cancellationToken);

    public Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken) => inner.BrakeAsync(host, until, cancellationToken);

    public Task<IReadOnlyList<HostPause>> ListPausesAsync(CancellationToken cancellationToken) => inner.ListPausesAsync(cancellationToken);

    public Task<IReadOnlyList<CampaignId>> TidyAsync(CancellationToken cancellationToken) => inner.TidyAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void Fail()
    {
        if (random.Next(60) == 0)
        {
            throw new IOException("the store cannot be reached");
        }
    }

    private async Task PauseAsync()
    {
        await silo.AnswerAsync();
        if (random.Next(2) == 0)
        {
            await Task.Delay(random.Next(100) == 0 ? TimeSpan.FromSeconds(random.Next(1, 200)) : TimeSpan.FromMilliseconds(random.Next(1, 500)), silo.Clock);
        }

        await silo.AnswerAsync();
    }
}
