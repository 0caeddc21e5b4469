using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// Visits of a simulated cluster, as repository grains do them: by who holds the repository, recorded before they are told, gone with the
/// silo that visits. What the visitor was told of the repository is what is so.
/// </summary>
internal sealed class SimulatedRepositories(SimulatedForges forges, IHeadStore heads, MemoryHeadStore truth, Random random)
{
    private readonly Dictionary<RepositoryUrl, SimulatedSilo> _visits = [];

    public ChunkVisit Of(SimulatedSilo silo, CampaignId campaign) => (url, known, permit, comesAgain, _) => VisitAsync(silo, campaign, url, known, permit, comesAgain);

    private async Task<ChunkVisitEnd> VisitAsync(SimulatedSilo silo, CampaignId campaign, RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain)
    {
        Assert.False(_visits.TryGetValue(url, out SimulatedSilo? other) && !other.IsDead, $"{url} is visited twice at once.");
        Assert.Equal((await truth.FindAsync([url], CancellationToken.None))[0]?.Visit, known?.Visit);
        Assert.False(silo.IsDead, "a dead silo visits");
        _visits[url] = silo;
        ChunkVisitEnd end = await RunAsync(silo, campaign, url, known, permit, comesAgain);
        if (!silo.IsDead)
        {
            _visits.Remove(url);
        }

        await silo.AnswerAsync();
        return end;
    }

    private async Task<ChunkVisitEnd> RunAsync(SimulatedSilo silo, CampaignId campaign, RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain)
    {
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
