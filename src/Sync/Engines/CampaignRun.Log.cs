using Microsoft.Extensions.Logging;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    [LoggerMessage(1, LogLevel.Information, "Campaign {Campaign} stops: what runs may end, nothing more is taken up.")]
    private static partial void LogStopping(ILogger log, long campaign);

    [LoggerMessage(2, LogLevel.Error, "Campaign {Campaign} fails.")]
    private static partial void LogFailed(ILogger log, Exception failure, long campaign);

    [LoggerMessage(4, LogLevel.Warning, "Campaign {Campaign}: the store could not be compacted.")]
    private static partial void LogNotCompacted(ILogger log, Exception failure, long campaign);

    [LoggerMessage(5, LogLevel.Information, "Campaign {Campaign}: {ForgeHost} refused many; its canary {Repository}: {Answer}.")]
    private static partial void LogCanary(ILogger log, long campaign, string forgeHost, string repository, string answer);

    [LoggerMessage(3, LogLevel.Information, "Campaign {Campaign}: {ForgeHost} is now served so: {Policy}; silent until {Until:O}.")]
    private static partial void LogHost(ILogger log, long campaign, string forgeHost, string policy, DateTimeOffset until);
}
