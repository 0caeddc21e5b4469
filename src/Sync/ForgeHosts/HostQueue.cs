using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>One forge host in a campaign: its policy, and the repositories that wait for its permits. First those put back, then those in memory, then those spooled.</summary>
internal sealed class HostQueue(ForgeHost host, HostPolicy policy)
{
    /// <summary>A queue that once was long gives its memory back when it is empty.</summary>
    private const int KeptCapacity = 32;

    private Queue<WaitingSync>? _waiting;
    private Queue<WaitingSync>? _again;

    /// <summary>Where the host stands in <see cref="HostQueues"/>.</summary>
    public enum Place : byte
    {
        /// <summary>Nothing waits in memory.</summary>
        Idle,

        /// <summary>In the round of those to be asked for a permit.</summary>
        Ready,

        /// <summary>All permits are out: the next end brings it back.</summary>
        Saturated,

        /// <summary>Waits for a time.</summary>
        Timed,
    }

    public ForgeHost Host { get; } = host;

    public HostPolicy Policy { get; } = policy;

    public Place Stands { get; set; }

    /// <summary>While <see cref="Place.Timed"/>: until when; another time in the queue of times is an old one.</summary>
    public long TimedAt { get; set; }

    /// <summary>Places in memory promised to repositories that are being looked up.</summary>
    public int Reserved { get; set; }

    /// <summary>What did not fit in memory; null: nothing.</summary>
    public SpooledChain? Spooled { get; set; }

    /// <summary>A refill from the spool is asked for or under way.</summary>
    public bool Refilling { get; set; }

    /// <summary>Until then (UTC ticks), what waits ends as throttled: the campaign does not wait so long.</summary>
    public long NotWaitedForUntil { get; set; }

    /// <summary>Syncs ended.</summary>
    public long Done { get; set; }

    /// <summary>The policy has changed, and the engine knows.</summary>
    public bool ToBeSaved { get; set; }

    /// <summary>The policy's version that is saved.</summary>
    public int SavedVersion { get; set; }

    public int InMemory => (_waiting?.Count ?? 0) + (_again?.Count ?? 0);

    /// <summary>In memory, promised and spooled.</summary>
    public long Waiting => InMemory + Reserved + (Spooled?.Count ?? 0);

    public void Add(in WaitingSync sync) => (_waiting ??= new Queue<WaitingSync>()).Enqueue(sync);

    /// <summary>Puts a throttled sync back: it goes first when the host speaks again.</summary>
    public void AddAgain(in WaitingSync sync) => (_again ??= new Queue<WaitingSync>()).Enqueue(sync);

    public WaitingSync Remove()
    {
        if (_again is { Count: > 0 })
        {
            return _again.Dequeue();
        }

        WaitingSync sync = _waiting!.Dequeue();
        if (_waiting.Count == 0 && _waiting.Capacity > KeptCapacity)
        {
            _waiting = null;
        }

        return sync;
    }
}
