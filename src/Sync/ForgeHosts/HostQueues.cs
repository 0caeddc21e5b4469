using System.Diagnostics.CodeAnalysis;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

/// <summary>
/// All that waits in a campaign, by forge host. Hosts that have work and a permit take turns, one repository a turn,
/// whatever the order of the list. A turn costs the same for one host and for 100,000: a round of ready hosts, one priority
/// queue of those that wait for a time, and the saturated come back with their next end. Memory is bounded: beyond
/// <see cref="Limits.WaitingPerHostMax"/> and <see cref="Limits.WaitingMax"/> repositories go to the spool. Not thread-safe.
/// </summary>
internal sealed partial class HostQueues : IDisposable
{
    private readonly Dictionary<ForgeHost, HostQueue> _hosts = [];
    private readonly Queue<HostQueue> _ready = new();
    private readonly PriorityQueue<HostQueue, long> _timed = new();
    private readonly Queue<HostQueue> _refills = new();
    private readonly HostBook _book;
    private readonly Dictionary<string, List<HostQueue>> _budgets = [];
    private readonly HostSpool _spool;
    private readonly int _waitingMax;
    private readonly int _waitingPerHostMax;
    private int _sweepAt = Limits.IdleHostsMax;

    /// <param name="rules">Each host's.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="spoolFolder">Where what does not fit in memory waits.</param>
    /// <param name="waitingMax">Repositories in memory.</param>
    /// <param name="waitingPerHostMax">Of one host.</param>
    /// <param name="budgetOf">What a host was found to share with others, its address; null where it is not known.</param>
    /// <param name="hasCanary">Whether canaries can be asked.</param>
    public HostQueues(
        Func<ForgeHost, HostRules> rules, Random random, string spoolFolder, int waitingMax = Limits.WaitingMax, int waitingPerHostMax = Limits.WaitingPerHostMax,
        Func<ForgeHost, string?>? budgetOf = null, bool hasCanary = false)
        : this(new HostBook(rules, random, budgetOf, hasCanary), spoolFolder, waitingMax, waitingPerHostMax)
    {
    }

    /// <param name="book">What campaigns of this process share.</param>
    /// <param name="spoolFolder">Where what does not fit in memory waits.</param>
    /// <param name="waitingMax">Repositories in memory.</param>
    /// <param name="waitingPerHostMax">Of one host.</param>
    public HostQueues(HostBook book, string spoolFolder, int waitingMax, int waitingPerHostMax)
    {
        (_book, _spool) = (book, new HostSpool(spoolFolder));
        (_waitingMax, _waitingPerHostMax) = (waitingMax, waitingPerHostMax);
    }

    /// <summary>Places taken in memory: waiting, or promised.</summary>
    public int InMemory { get; private set; }

    /// <summary>Repositories in the spool.</summary>
    public long Spooled { get; private set; }

    /// <summary>Permits out.</summary>
    public int Running { get; private set; }

    /// <summary>Nothing waits and nothing runs.</summary>
    public bool IsEmpty => InMemory == 0 && Spooled == 0 && Running == 0;

    /// <summary>Some host may have a permit to give.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Some host has room again for what it has in the spool.</summary>
    public bool HasRefills => _refills.Count > 0;

    /// <summary>When the next host's wait ends, in UTC ticks, or null.</summary>
    public long? NextReadyAt => _timed.TryPeek(out _, out long at) ? at : null;

    public IReadOnlyCollection<HostQueue> Hosts => _hosts.Values;

    /// <summary>Asked before a host is: whether another campaign goes first. Null: there is none.</summary>
    public Func<HostQueue, bool>? GivesWay { get; set; }

    /// <summary>What an earlier run learnt of a host; before its first repository comes.</summary>
    public void Remember(ForgeHostState state) => _book.Remember(state);

    /// <summary>
    /// Promises a place in memory for one more of the host's repositories, to be kept by <see cref="Add"/> or given back by
    /// <see cref="GiveBack"/>; false: it belongs into the spool.
    /// </summary>
    public bool TryReserve(ForgeHost host, long now, out HostQueue queue)
    {
        queue = Get(host, now);
        if (InMemory >= _waitingMax || queue.Spooled is { Count: > 0 } || queue.Refilling || queue.InMemory + queue.Reserved >= _waitingPerHostMax)
        {
            return false;
        }

        queue.Reserved++;
        InMemory++;
        return true;
    }

    /// <summary>Puts a repository at its host's end, into the place that was promised.</summary>
    public void Add(HostQueue queue, in WaitingSync sync)
    {
        queue.Reserved--;
        queue.Add(sync);
        if (queue.Stands == HostQueue.Place.Idle)
        {
            MakeReady(queue);
        }
    }

    /// <summary>Takes a promised place along to another host: the repository has moved there.</summary>
    public HostQueue Move(HostQueue queue, ForgeHost host, long now)
    {
        HostQueue other = Get(host, now);
        queue.Reserved--;
        other.Reserved++;
        AskForRefill(queue);
        return other;
    }

    /// <summary>Gives a promised place back.</summary>
    public void GiveBack(HostQueue queue)
    {
        queue.Reserved--;
        InMemory--;
        AskForRefill(queue);
    }

    /// <summary>Writes a repository to the spool, at its host's end.</summary>
    public void Spool(HostQueue queue, RepositoryUrl url, long line)
    {
        queue.Spooled = _spool.Add(queue.Spooled, url, line);
        Spooled++;
        AskForRefill(queue);
    }

    /// <summary>Takes a chunk of the spool whose host has room; its repositories have places promised. Then <see cref="ReadRefill"/>, without lock, and <see cref="EndRefill"/>.</summary>
    public bool TryBeginRefill([NotNullWhen(true)] out HostQueue? queue, out SpooledChunk chunk)
    {
        chunk = default;
        if (!_refills.TryDequeue(out queue))
        {
            return false;
        }

        chunk = _spool.Take(queue.Spooled!);
        Spooled -= chunk.Count;
        queue.Reserved += chunk.Count;
        InMemory += chunk.Count;
        return true;
    }

    public void ReadRefill(in SpooledChunk chunk, List<(RepositoryUrl Url, long Line)> into) => _spool.Read(chunk, into);

    /// <summary>The refill's repositories are added or given back.</summary>
    public void EndRefill(HostQueue queue)
    {
        queue.Refilling = false;
        queue.Spooled = queue.Spooled is { Count: > 0 } ? queue.Spooled : null;
        AskForRefill(queue);
    }

    public void Dispose() => _spool.Dispose();

    /// <summary>The campaign ends: its hosts are known to the others only.</summary>
    public void Leave(long now)
    {
        foreach (HostQueue queue in _hosts.Values)
        {
            _book.Leave(queue.Known, now);
        }

        _hosts.Clear();
    }

    /// <summary>The host's queue, or null.</summary>
    public HostQueue? Find(ForgeHost host) => _hosts.GetValueOrDefault(host);

    /// <summary>Hosts with work, busiest first.</summary>
    public List<HostProgress> ListBusiest(int most, long now)
    {
        PriorityQueue<HostQueue, (int, long)> busiest = new(most + 1);
        foreach (HostQueue queue in _hosts.Values)
        {
            if (queue.Policy.Running > 0 || queue.Waiting > 0)
            {
                busiest.Enqueue(queue, (queue.Policy.Running, queue.Waiting));
                if (busiest.Count > most)
                {
                    busiest.Dequeue();
                }
            }
        }

        List<HostProgress> list = new(busiest.Count);
        while (busiest.TryDequeue(out HostQueue? queue, out _))
        {
            DateTimeOffset? silentUntil = queue.Policy.SilentUntil > now ? new DateTimeOffset(queue.Policy.SilentUntil, TimeSpan.Zero) : null;
            list.Add(new HostProgress(queue.Host, queue.Policy.Running, queue.Waiting, queue.Done, queue.Policy.ThrottledCount, silentUntil));
        }

        list.Reverse();
        return list;
    }

    private HostQueue Get(ForgeHost host, long now)
    {
        if (_hosts.TryGetValue(host, out HostQueue? queue))
        {
            return queue;
        }

        queue = new HostQueue(_book.Use(host, now, out HostRules rules)) { Canary = rules.Canary };
        _hosts.Add(host, queue);
        JoinBudget(queue);
        return queue;
    }

    private void AskForRefill(HostQueue queue)
    {
        // At half of its room, so that a host never waits for the disk while it has a permit to give.
        if (!queue.Refilling && queue.Spooled is { Count: > 0 } && queue.InMemory + queue.Reserved <= _waitingPerHostMax / 2
            && (InMemory < _waitingMax || queue.InMemory + queue.Reserved == 0))
        {
            queue.Refilling = true;
            _refills.Enqueue(queue);
        }
    }
}
