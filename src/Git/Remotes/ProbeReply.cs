namespace Actors.Git.Remotes;

/// <summary>What one look at a remote's heads gave: an advertisement not yet parsed, or a failure.</summary>
public abstract class ProbeReply
{
    /// <summary>Null when the remote answered.</summary>
    public RemoteFailure? Failure { get; init; }

    /// <summary>Equal to that of an earlier visit: nothing that was selected changed. Default when failed.</summary>
    public AdvertisementDigest Digest { get; init; }

    /// <summary>What the server is known to do, or null when nothing was learnt yet (a blind v2 request that worked).</summary>
    public ServerProfile? Profile { get; init; }

    /// <summary>Where permanent redirects (301, 308) led, when they did.</summary>
    public RepositoryUrl? MovedTo { get; init; }

    /// <summary>Redirects that were followed, permanent or not.</summary>
    public int Redirects { get; init; }

    /// <summary>What the host last said is left of its budget, or null.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Requests that this probe cost.</summary>
    public int Requests { get; init; }

    /// <summary>Bytes of answers, without HTTP headers, as they came over the wire where that is known.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Parses the advertisement: only where the digest differs from the stored one.</summary>
    /// <exception cref="GitFormatException">The remote's lines break the grammar, or there are more than the limits allow.</exception>
    public abstract RefAdvertisement ReadRefs();
}
