using Microsoft.Extensions.Logging;

namespace Actors.Grains.ForgeHosts;

internal sealed partial class ForgeGrain
{
    [LoggerMessage(1, LogLevel.Information, "{ForgeHost}: taken over from an owner that ended suddenly.")]
    private static partial void LogTakenOver(ILogger log, string forgeHost);

    [LoggerMessage(2, LogLevel.Information, "{ForgeHost}: silent until {Until:O}; all silos are told.")]
    private static partial void LogSilent(ILogger log, string forgeHost, DateTimeOffset until);

    [LoggerMessage(4, LogLevel.Information, "{ForgeHost}: shares the patience of {Owner}, at {Address}.")]
    private static partial void LogShared(ILogger log, string forgeHost, string owner, string address);

    [LoggerMessage(3, LogLevel.Warning, "{ForgeHost}: what is leased could not be handed over.")]
    private static partial void LogNotHandedOver(ILogger log, Exception failure, string forgeHost);
}
