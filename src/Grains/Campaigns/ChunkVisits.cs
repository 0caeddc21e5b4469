using Actors.Git.Remotes;
using Actors.Grains.Repositories;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Orleans.Runtime;

namespace Actors.Grains.Campaigns;

/// <summary>Visits of a campaign's chunks: through the repositories' grains, which own them.</summary>
internal sealed class ChunkVisits(IGrainFactory grains, PermitBook permits, VisitDesk desk, TimeProvider clock)
{
    /// <summary>What a <see cref="ChunkRun"/> calls for each of its repositories.</summary>
    public ChunkVisit Of(long campaign, CampaignOrder order)
    {
        VisitOrder visit = VisitOrder.Of(campaign, order);
        return (url, known, permit, comesAgain, cancellationToken) => VisitAsync(url, new VisitPass((HeldPermit)permit, known), visit with { ComesAgain = comesAgain }, cancellationToken);
    }

    private async Task<ChunkVisitEnd> VisitAsync(RepositoryUrl url, VisitPass pass, VisitOrder order, CancellationToken cancellationToken)
    {
        long number = permits.Add(pass);
        try
        {
            IRepositoryGrain repository = grains.GetGrain<IRepositoryGrain>(url.ToString());
            VisitAnswer answer;
            int moves = 0;
            do
            {
                answer = await repository.StartAsync(desk.WithPermit(order, number));
            }
            while (answer.State == VisitState.Elsewhere && ++moves < Limits.MovesMax && !cancellationToken.IsCancellationRequested);

            while (answer.State == VisitState.Running)
            {
                cancellationToken.ThrowIfCancellationRequested();
                answer = await repository.WaitAsync(answer.Visit);
            }

            return answer switch
            {
                { State: VisitState.Ended, Report: { } report } => ChunkVisitEnd.Ended(report),
                { State: VisitState.PutBack } => ChunkVisitEnd.PutBack,
                _ => ChunkVisitEnd.CutOff,
            };
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // Its silo died, or the one that knows where it is: until membership has noticed, the next attempt ends the same. Not with the permit in hand.
            GiveBack(number);
            await Task.Delay(Limits.CutOffPause, clock, cancellationToken);
            return ChunkVisitEnd.CutOff;
        }
        finally
        {
            GiveBack(number);
        }
    }

    /// <summary>The permit, where no visit has taken it.</summary>
    private void GiveBack(long number)
    {
        if (permits.TryTake(number, out VisitPass unused))
        {
            unused.Permit.End(null);
        }
    }
}
