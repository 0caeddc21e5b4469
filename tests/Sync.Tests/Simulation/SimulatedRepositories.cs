using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// Visits of a simulated cluster, as repository grains do them: one at a time for each repository, whoever asks; recorded before they are
/// told; gone with the silo that visits.
/// </summary>
internal sealed class SimulatedRepositories(SimulatedForges forges, IHeadStore heads, Random random)
{
    private readonly Dictionary<RepositoryUrl, Task<ChunkVisitEnd>> _visits = [];

    public ChunkVisit Of(SimulatedSilo silo, CampaignId campaign) => (url, permit, comesAgain, cancellationToken) => VisitAsync(silo, campaign, url, permit, comesAgain, cancellationToken);

    private async Task<ChunkVisitEnd> VisitAsync(SimulatedSilo silo, CampaignId campaign, RepositoryUrl url, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
    {
        if (!_visits.TryGetValue(url, out Task<ChunkVisitEnd>? visit) || visit.IsCompleted)
        {
            TaskCompletionSource<ChunkVisitEnd> begun = new();
            _visits[url] = visit = begun.Task;
            begun.SetResult(await RunAsync(silo, campaign, url, permit, comesAgain));
        }
        else
        {
            permit.End(null);
        }

        ChunkVisitEnd end = await WaitAsync(visit, cancellationToken);
        await silo.AnswerAsync();
        return end;
    }

    /// <summary>On the thread that ends it, unlike <see cref="Task.WaitAsync(CancellationToken)"/>.</summary>
    private static async Task<ChunkVisitEnd> WaitAsync(Task<ChunkVisitEnd> visit, CancellationToken cancellationToken)
    {
        TaskCompletionSource<ChunkVisitEnd> waiter = new();
        using CancellationTokenRegistration registration = cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
        _ = visit.ContinueWith(v => waiter.TrySetResult(v.Result), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await waiter.Task;
    }

    private async Task<ChunkVisitEnd> RunAsync(SimulatedSilo silo, CampaignId campaign, RepositoryUrl url, IHostPermit permit, bool comesAgain)
    {
        RepositoryState? known = (await heads.FindAsync([url], CancellationToken.None))[0];
        if (silo.IsDead)
        {
            return ChunkVisitEnd.CutOff;
        }

        if (known?.Campaign == campaign)
        {
            permit.End(null);
            return ChunkVisitEnd.Ended(VisitedBefore.Report(known, null));
        }

        SyncResult result;
        try
        {
            result = await forges.SyncAsync(url, known, silo.Killed.Token);
        }
        catch (OperationCanceledException)
        {
            return ChunkVisitEnd.CutOff;
        }

        HostEvidence evidence = HostEvidence.Of(result, known);
        permit.End(evidence);
        if (comesAgain && evidence.Kind == HostEvidenceKind.Throttled && result.Report.Outcome == Outcome.Throttled)
        {
            return ChunkVisitEnd.PutBack;
        }

        if (random.Next(50) == 0)
        {
            return ChunkVisitEnd.CutOff;
        }

        // A silo that is killed meanwhile may have recorded it or not; the record itself is one step.
        await heads.RecordAsync([result.Visit with { Campaign = campaign }], CancellationToken.None);
        return silo.IsDead ? ChunkVisitEnd.CutOff : ChunkVisitEnd.Ended(result.Report);
    }
}
