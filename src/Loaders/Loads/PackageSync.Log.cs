using Microsoft.Extensions.Logging;

namespace Actors.Loaders.Loads;

public sealed partial class PackageSync
{
    [LoggerMessage(1, LogLevel.Information, "{Repository}: {Loaded} releases loaded, {Failed} failed, {Releases} in the snapshot.")]
    private partial void LogLoaded(string repository, int loaded, int failed, int releases);

    [LoggerMessage(2, LogLevel.Error, "{Repository}: the load failed by our own fault.")]
    private partial void LogFailed(string repository, Exception exception);
}
