using Microsoft.Extensions.Logging;

namespace Actors.Sync.Engines;

public sealed partial class LocalEngine
{
    [LoggerMessage(1, LogLevel.Information, "{Packs} packs that were kept aside are closed now and visible.")]
    private partial void LogReturned(int packs);
}
