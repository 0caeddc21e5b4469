using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>
/// One forge host in a campaign: its policy, and the repositories that wait for its permits. First those put back, then those in
/// memory, then those spooled. In memory small ones go before huge ones, and what has often failed goes last; but every
/// <see cref="HugeTurn"/>th turn is a huge one's and every <see cref="FailingTurn"/>th a failing one's, so that none starves.
/// </summary>
internal sealed class HostQueue(KnownHost known)
{
    /// <summary>From here on a repository is huge: a clone of minutes, in which a forge answers hundreds of others.</summary>
    public const long HugeBytes = 64L << 20;

    /// <summary>Failures in a row from which on a repository waits behind the others.</summary>
    public const int FailuresToWait = 3;

    public const int HugeTurn = 8;

    public const int FailingTurn = 17;

    /// <summary>A queue that once was long gives its memory back when it is empty.</summary>
    private const int KeptCapacity = 32;

    private readonly Queue<WaitingSync>?[] _lanes = new Queue<WaitingSync>?[3];
    private Queue<WaitingSync>? _again;
    private int _inLanes;
    private int _turn;

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

    /// <summary>What other campaigns of this process know of it too.</summary>
    public KnownHost Known { get; } = known;

    public ForgeHost Host => Known.Host;

    /// <summary>The host's own, or one that it shares with the others of its budget.</summary>
    public HostPolicy Policy => Known.Policy;

    /// <summary>The budget in whose round it stands here, or null: none yet.</summary>
    public string? Budget { get; set; }

    /// <summary>Asked when many others are refused: named by the rules, or the last that answered.</summary>
    public RepositoryUrl? Canary { get; set; }

    public Place Stands { get; set; }

    /// <summary>While <see cref="Place.Timed"/>: until when; another time in the queue of times is an old one.</summary>
    public long TimedAt { get; set; }

    /// <summary>While <see cref="Place.Timed"/>: waits for another campaign's turn, or for a brake; may end sooner.</summary>
    public bool MayEndSooner { get; set; }

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

    public int InMemory => _inLanes + (_again?.Count ?? 0);

    /// <summary>In memory, promised and spooled.</summary>
    public long Waiting => InMemory + Reserved + (Spooled?.Count ?? 0);

    public void Add(in WaitingSync sync)
    {
        (_lanes[LaneOf(sync)] ??= new Queue<WaitingSync>()).Enqueue(sync);
        _inLanes++;
    }

    /// <summary>Puts a throttled sync back: it goes first when the host speaks again.</summary>
    public void AddAgain(in WaitingSync sync) => (_again ??= new Queue<WaitingSync>()).Enqueue(sync);

    public WaitingSync Remove()
    {
        if (_again is { Count: > 0 })
        {
            return _again.Dequeue();
        }

        _turn++;
        int first = _turn % FailingTurn == 0 ? 2 : _turn % HugeTurn == 0 ? 1 : 0;
        int lane = _lanes[first] is { Count: > 0 } ? first : Array.FindIndex(_lanes, l => l is { Count: > 0 });
        Queue<WaitingSync> waiting = _lanes[lane]!;
        WaitingSync sync = waiting.Dequeue();
        _inLanes--;
        if (waiting.Count == 0 && waiting.Capacity > KeptCapacity)
        {
            _lanes[lane] = null;
        }

        return sync;
    }

    private static int LaneOf(in WaitingSync sync) =>
        sync.Known?.Failures >= FailuresToWait ? 2 : (sync.Known?.CloneBytes ?? sync.ListedBytes) >= HugeBytes ? 1 : 0;
}
