using Microsoft.Extensions.Logging;

namespace Actors.Grains.ForgeHosts;

internal sealed partial class LearntServers
{
    [LoggerMessage(1, LogLevel.Warning, "What {Count} servers can do could not be written; tried again soon.")]
    private static partial void LogNotSaved(ILogger log, Exception failure, int count);
}
