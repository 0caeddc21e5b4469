using Actors.Git.Remotes;

namespace Actors.Git.Transport;

/// <summary>How one ls-refs request ended.</summary>
/// <param name="Reply">On success.</param>
/// <param name="Failure">Otherwise: what it is if nothing more is asked.</param>
/// <param name="AskAdvertisement">Whether a GET should tell what the server speaks.</param>
internal readonly record struct HttpProbeStep(ProbeReply? Reply, RemoteFailure? Failure, bool AskAdvertisement);
