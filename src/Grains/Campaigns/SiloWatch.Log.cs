using Microsoft.Extensions.Logging;

namespace Actors.Grains.Campaigns;

public sealed partial class SiloWatch
{
    [LoggerMessage(1, LogLevel.Warning, "What the store knows could not be scheduled; tried again soon.")]
    private static partial void LogNotAdded(ILogger log, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "What the watch had taken could not be given back: it is due again when its lease ends.")]
    private static partial void LogNotGivenBack(ILogger log, Exception failure);
}
