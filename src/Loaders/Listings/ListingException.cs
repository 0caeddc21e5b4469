using Actors.Git.Remotes;

namespace Actors.Loaders.Listings;

/// <summary>A listing that cannot go on now; what it told so far holds.</summary>
public sealed class ListingException(RemoteFailure failure, string where, Exception? innerException = null) : IOException($"{where}: {failure.Message}", innerException)
{
    /// <summary>What the source did.</summary>
    public RemoteFailure Failure { get; } = failure;
}
