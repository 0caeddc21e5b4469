using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.Campaigns;

internal sealed partial class ClusterBoard
{
    public async Task<IReadOnlyList<string>> ExplainAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        RepositoryState? state = (await _parts.Heads.FindAsync([url], cancellationToken))[0];
        Visit? last = null;
        await foreach (Visit visit in _parts.Heads.ListVisitsAsync(url, cancellationToken))
        {
            last = visit;
            break;
        }

        (IReadOnlySet<long> takenUp, DateTimeOffset? visitedSince) = await _figures.LocateAsync(url, cancellationToken);
        List<CampaignFacts> campaigns = [];
        await foreach (StoredCampaign campaign in _campaigns.ListAsync(cancellationToken))
        {
            if (campaign.Stage is CampaignStage.Running or CampaignStage.Paused or CampaignStage.Submitting)
            {
                campaigns.Add(new CampaignFacts(View(campaign, []), IsWorked: campaign.Stage == CampaignStage.Running, takenUp.Contains(campaign.Id.Number)));
            }
        }

        // Only of hosts with work or pauses is there anything to tell; a grain is not made for whatever somebody asks about.
        ForgeHost host = (state?.Evidence.Address ?? url).Host;
        HostView? view = (await _figures.ReadHostsAsync(cancellationToken)).FirstOrDefault(h => h.Host == host);
        return RepositoryExplanation.Explain(
            url, state, last?.Error, visitedSince, view, campaigns, _parts.AllowPrivate ? null : ServedUrls.Refuse(url), _clock.GetUtcNow());
    }
}
