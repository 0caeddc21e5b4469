using Actors.Git.Refs;

namespace Actors.Git.Remotes;

/// <summary>
/// git's wire protocol as a client, over every transport. Safe for any number of calls at once; one for a process, for
/// it holds connection pools and what hosts have taught. What remotes do wrong comes back as <see cref="RemoteFailure"/>;
/// exceptions are cancellation and our own bugs, and whatever the receiver of a pack throws.
/// </summary>
public interface IGitClient : IAsyncDisposable
{
    /// <summary>What is known of each host's servers; may be filled from and saved to a store.</summary>
    ServerProfiles Profiles { get; }

    /// <summary>Looks at the remote's refs: one request where the host is known or speaks v2.</summary>
    ValueTask<ProbeReply> ProbeAsync(RepositoryUrl url, RefSelection refs, CancellationToken cancellationToken);

    /// <summary>
    /// As the shorter one; and where the digest equals <paramref name="known"/> the reply keeps no advertisement, so that
    /// an unchanged remote with many refs costs no memory: <see cref="ProbeReply.ReadRefs"/> must not be called then.
    /// </summary>
    ValueTask<ProbeReply> ProbeAsync(RepositoryUrl url, RefSelection refs, AdvertisementDigest? known, CancellationToken cancellationToken) =>
        ProbeAsync(url, refs, cancellationToken);

    /// <summary>
    /// What the remote's server can do: what is known of its host, else asked with one request, as a plan needs it before
    /// its first fetch from a host that only blind probes have met. Null when it did not answer.
    /// </summary>
    ValueTask<ServerProfile?> LearnAsync(RepositoryUrl url, CancellationToken cancellationToken) => ValueTask.FromResult(Profiles.Find(url.Host));

    /// <summary>Negotiates and receives a pack.</summary>
    /// <param name="url">The remote.</param>
    /// <param name="request">What to ask for.</param>
    /// <param name="receiver">
    /// Called at most once, when pack bytes begin, with a stream that ends where the pack's sideband ends. It must read to
    /// that end. A failure of the remote inside the pack reaches it as an <see cref="IOException"/> from a read, which it
    /// lets through; this method then returns the failure as a value.
    /// </param>
    /// <param name="cancellationToken">Ends the exchange and the receiver.</param>
    Task<FetchResult> FetchAsync(
        RepositoryUrl url,
        FetchRequest request,
        Func<Stream, CancellationToken, Task> receiver,
        CancellationToken cancellationToken);
}
