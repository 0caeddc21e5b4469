using Actors.Git.Objects;

namespace Actors.Git.Remotes;

/// <summary>How a fetch ended.</summary>
public sealed record FetchResult
{
    /// <summary>Null when the exchange ran to its end.</summary>
    public RemoteFailure? Failure { get; init; }

    /// <summary>Haves that the server acknowledged.</summary>
    public IReadOnlyList<Oid> Common { get; init; } = [];

    /// <summary>Whether a pack came and the receiver returned.</summary>
    public bool PackReceived { get; init; }

    /// <summary>Commits whose parents were left out: by <c>deepen</c>, or because the remote itself is shallow.</summary>
    public IReadOnlyList<Oid> Shallow { get; init; } = [];

    /// <summary>What the host last said is left of its budget, or null.</summary>
    public RateLimit? RateLimit { get; init; }

    /// <summary>Requests sent (one a round over HTTP).</summary>
    public int Requests { get; init; }

    /// <summary>Bytes of answers, pack and framing.</summary>
    public long BytesReceived { get; init; }
}
