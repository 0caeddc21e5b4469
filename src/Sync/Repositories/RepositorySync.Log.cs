using Actors.Git.Remotes;
using Microsoft.Extensions.Logging;

namespace Actors.Sync.Repositories;

public sealed partial class RepositorySync
{
    [LoggerMessage(1, LogLevel.Error, "{Repository} on {ForgeHost}: our own failure ended the sync")]
    private partial void LogOwnFailure(RepositoryUrl repository, ForgeHost forgeHost, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{Repository} on {ForgeHost}: {Outcome}: {Error}")]
    private partial void LogRefused(RepositoryUrl repository, ForgeHost forgeHost, string outcome, string error);

    [LoggerMessage(3, LogLevel.Information, "{Repository} on {ForgeHost}: {Outcome} by {Rung}: {Objects} objects, {BytesReceived} bytes, {Requests} requests")]
    private partial void LogCommitted(RepositoryUrl repository, ForgeHost forgeHost, string outcome, Rung rung, long objects, long bytesReceived, int requests);
}
