using Microsoft.Extensions.Logging;

namespace Actors.Sync.Engines;

public sealed partial class LocalBoard
{
    [LoggerMessage(1, LogLevel.Information, "Campaign {Campaign} is submitted: {Lines} lines.")]
    private static partial void LogSubmitted(ILogger log, long campaign, long lines);

    [LoggerMessage(2, LogLevel.Information, "Campaign {Campaign} is now {Phase}.")]
    private static partial void LogPhase(ILogger log, long campaign, string phase);

    [LoggerMessage(3, LogLevel.Error, "Campaign {Campaign} fails; it goes on at {GoesOnAt:O}.")]
    private static partial void LogFailed(ILogger log, Exception failure, long campaign, DateTimeOffset goesOnAt);

    [LoggerMessage(4, LogLevel.Warning, "The folder of campaign {Campaign} belongs to another head store; it is left as it is.")]
    private static partial void LogUnknown(ILogger log, long campaign);

    [LoggerMessage(5, LogLevel.Information, "Campaign {Campaign} begins or goes on.")]
    private static partial void LogBegins(ILogger log, long campaign);

    [LoggerMessage(7, LogLevel.Warning, "Campaign {Campaign}: where it stands could not be written.")]
    private static partial void LogNotKept(ILogger log, Exception failure, long campaign);

    [LoggerMessage(6, LogLevel.Information, "{ForgeHost} is braked until {Until:O}; null: no longer.")]
    private static partial void LogBraked(ILogger log, string forgeHost, DateTimeOffset? until);
}
