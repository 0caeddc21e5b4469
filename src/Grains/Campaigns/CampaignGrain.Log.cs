using Microsoft.Extensions.Logging;

namespace Actors.Grains.Campaigns;

internal sealed partial class CampaignGrain
{
    [LoggerMessage(1, LogLevel.Information, "Campaign {Campaign} has ended: {Stage}.")]
    private static partial void LogEnded(ILogger log, long campaign, string stage);
}
