using Actors.Git.Remotes;

namespace Actors.Loaders.Downloads;

/// <summary>A download that failed while its body was read; carries the failure to where it is judged.</summary>
internal sealed class DownloadException(RemoteFailure failure, Exception? innerException = null) : Exception(failure.Message, innerException)
{
    public RemoteFailure Failure { get; } = failure;
}
