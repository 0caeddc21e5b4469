using Microsoft.Extensions.Logging;

namespace Actors.Grains.Registry;

internal sealed partial class RepositoryDirectory
{
    [LoggerMessage(1, LogLevel.Debug, "The registry of {Host} did not answer; asked again soon.")]
    private static partial void LogNotAsked(ILogger log, Exception failure, string host);
}
