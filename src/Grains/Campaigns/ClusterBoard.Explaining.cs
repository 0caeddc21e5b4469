using System.Globalization;
using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.Campaigns;

internal sealed partial class ClusterBoard
{
    public async Task<IReadOnlyList<string>> ExplainAsync(RepositoryUrl url, CancellationToken cancellationToken)
    {
        List<string> sentences = [];
        RepositoryState? known = (await _parts.Heads.FindAsync([url], cancellationToken))[0];
        sentences.Add(known is null or { Visit: 0 }
            ? "It was never visited."
            : string.Create(CultureInfo.InvariantCulture, $"Its last visit ({known.VisitedAt:u}, campaign {known.Campaign}) ended as {known.Outcome.ToName()}; visits: {known.Visit}, failures since the last success: {known.Failures}."));
        if (known?.RetryAt is { } retryAt && retryAt > _clock.GetUtcNow())
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"It is not to be visited again before {retryAt:u}."));
        }

        ForgeHost host = (known?.Evidence.Address ?? url).Host;
        HostView view = await _grains.GetGrain<IForgeGrain>(ForgeKey.Of(host, _parts.Rules.Find(host))).ViewAsync();
        sentences.Add(string.Create(CultureInfo.InvariantCulture, $"{host} serves {view.Running} of {view.Allowed} syncs at once now; {view.Waiting} repositories wait for it in silos that work for it."));
        if (view.BrakedUntil is { } braked)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"An operator braked {host} until {braked:u}."));
        }

        if (view.SilentUntil is { } silent)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"{host} wants no requests before {silent:u}."));
        }

        if (view.IsDown)
        {
            sentences.Add($"{host} does not answer: one request at a time finds out whether it is back.");
        }

        await foreach (StoredCampaign campaign in _campaigns.ListAsync(cancellationToken))
        {
            if (campaign.Stage is CampaignStage.Running or CampaignStage.Paused)
            {
                sentences.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Campaign {campaign.Id} is {(campaign.Stage == CampaignStage.Paused ? "paused" : "worked")}: {campaign.Counts.Outcomes.Sum() + campaign.Counts.Skipped} of {campaign.Repositories} repositories have their outcome."));
            }
        }

        return sentences;
    }
}
