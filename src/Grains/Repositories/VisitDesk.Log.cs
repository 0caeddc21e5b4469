using Microsoft.Extensions.Logging;

namespace Actors.Grains.Repositories;

internal sealed partial class VisitDesk
{
    [LoggerMessage(1, LogLevel.Error, "{Repository}: the visit could not be made or recorded.")]
    private static partial void LogFailed(ILogger log, Exception failure, string repository);
}
