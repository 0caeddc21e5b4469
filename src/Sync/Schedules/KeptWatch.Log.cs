using Microsoft.Extensions.Logging;

namespace Actors.Sync.Schedules;

public sealed partial class KeptWatch
{
    [LoggerMessage(1, LogLevel.Error, "The watch fails; it goes on at {GoesOnAt:O}.")]
    private static partial void LogFailed(ILogger log, Exception failure, DateTimeOffset goesOnAt);
}
