using Microsoft.Extensions.Logging;

namespace Actors.Grains.ForgeHosts;

internal sealed partial class SiloGates
{
    [LoggerMessage(1, LogLevel.Information, "{ForgeHost}: its grain did not answer; asked again soon.")]
    private static partial void LogNotAsked(ILogger log, Exception failure, string forgeHost);
}
