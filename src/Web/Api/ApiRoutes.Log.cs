using Microsoft.Extensions.Logging;

namespace Actors.Web.Api;

/// <content>What an operator is told; never a header, so no token.</content>
internal sealed partial class ApiRoutes
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger log, Exception exception, string method, string path);
}
