using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Actors.Grains.Campaigns;

/// <summary>Asks the store, and leaves when the campaign has ended.</summary>
[GrainType("actors.campaign")]
internal sealed partial class CampaignGrain(ICampaignStore campaigns, ILogger<CampaignGrain> log) : Grain, ICampaignGrain, IRemindable
{
    private const string Reminder = "look-after";

    public async Task LookAfterAsync() => await this.RegisterOrUpdateReminder(Reminder, Limits.LookAfterPeriod, Limits.LookAfterPeriod);

    async Task IRemindable.ReceiveReminder(string reminderName, TickStatus status)
    {
        CampaignId id = new(this.GetPrimaryKeyLong());
        _ = await campaigns.TidyAsync(CancellationToken.None);
        StoredCampaign? campaign = await campaigns.FindAsync(id, CancellationToken.None);
        if (campaign is null or { Stage: CampaignStage.Done or CampaignStage.Cancelled })
        {
            LogEnded(log, id.Number, campaign?.Stage.ToString() ?? "gone");
            if (await this.GetReminder(Reminder) is { } own)
            {
                await this.UnregisterReminder(own);
            }
        }

        DeactivateOnIdle();
    }
}
