namespace Actors.Sync.Campaigns;

/// <summary>How a chunk is worked.</summary>
public sealed record ChunkRunOptions
{
    /// <summary>Visits at once, at most.</summary>
    public int Jobs { get; init; } = 64;

    /// <summary>The claim is renewed to this with each checkpoint: others wait so long when this process dies.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What has ended is written so often: what a killed process did since is found in the head store, and reported by the next one.</summary>
    public TimeSpan CheckpointPeriod { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Begin nothing more: what runs ends, the rest is given back.</summary>
    public CancellationToken Drain { get; init; }

    /// <summary>Come also to what the chunk's campaign has visited: its list says when.</summary>
    public bool Revisit { get; init; }

    /// <summary>What others visit is asked for until they have ended; false: it is given back.</summary>
    public bool AwaitsOthers { get; init; } = true;

    /// <summary>Wakes sleepers on the waker's own thread: for simulation.</summary>
    internal bool Inline { get; init; }
}
