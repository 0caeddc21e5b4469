using System.Runtime.ExceptionServices;
using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>
/// Works one claimed chunk: holds its repositories and looks them up, some at a time, leaves alone what the campaign leaves alone, visits
/// the rest with permits of their hosts, writes what has ended every few seconds, and in the end closes the chunk or gives back what is left.
/// <para>
/// Each repository gets one outcome, because it is in one line of its campaign and only the holder of the claim writes. A visit
/// that was recorded by a process that died before it wrote is known to the head store by its campaign, and is reported from there.
/// </para>
/// </summary>
public sealed partial class ChunkRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ClaimedChunk _chunk;
    private readonly VisitRule _rule;
    private readonly IChunkBook _book;
    private readonly IHeadStore _heads;
    private readonly IHostPermits _permits;
    private readonly IRepositoryHolds _holds;
    private readonly ChunkVisit _visit;
    private readonly ChunkRunOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<SyncReport>? _ended;
    private readonly Heartbeat _keeping;
    private readonly CancellationTokenSource _entering = new();
    private readonly CancellationTokenSource _visiting = new();
    private readonly Queue<ChunkTask> _open = new();
    private readonly Queue<ChunkTask> _queue = new();
    private readonly List<ChunkTask> _refused = [];

    /// <summary>Workers without work, while another fetches the next lines.</summary>
    private readonly List<Wakeup> _awaitTurn = [];
    private readonly HashSet<RepositoryUrl> _held = [];
    private readonly byte[] _done;
    private readonly Dictionary<ForgeHost, TimeSpan> _closedHosts = [];
    private bool _admits;
    private ExceptionDispatchInfo? _failure;
    private bool _stopping;
    private readonly HashSet<ChunkTask> _visits = [];
    private bool _lost;

    /// <param name="chunk">Claimed by this process.</param>
    /// <param name="order">The campaign's.</param>
    /// <param name="book">Where it is written how far the chunk is.</param>
    /// <param name="heads">What is known of repositories.</param>
    /// <param name="permits">Doors to hosts.</param>
    /// <param name="holds">The right to visit.</param>
    /// <param name="visit">Visits one repository.</param>
    /// <param name="options">How.</param>
    /// <param name="clock">Times.</param>
    /// <param name="ended">Told of each outcome, on any thread, when it is counted; or null.</param>
    public ChunkRun(
        ClaimedChunk chunk, CampaignOrder order, IChunkBook book, IHeadStore heads, IHostPermits permits, IRepositoryHolds holds, ChunkVisit visit,
        ChunkRunOptions options, TimeProvider clock, Action<SyncReport>? ended = null)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(options);
        (_chunk, _book, _heads, _permits, _holds, _visit) = (chunk, book, heads, permits, holds, visit);
        (_options, _clock, _ended) = (options, clock, ended);

        // Whatever this campaign has visited was visited before: no repository is in its list twice.
        _rule = new VisitRule(chunk.Hold.Campaign, DateTimeOffset.MaxValue, order.MaxAge, order.IgnoreRetryTimes, order.IncludeParked, options.Revisit);
        _done = chunk.Done.ToArray();
        _keeping = new Heartbeat(clock, options.CheckpointPeriod, options.Inline);
        (_leaseBegan, _outcomes) = (clock.GetTimestamp(), new long[OutcomeNames.All.Count + 1]);
    }

    /// <summary>Whose chunk it is.</summary>
    public ChunkHold Hold => _chunk.Hold;

    /// <summary>The host of all lines, or null: many.</summary>
    public ForgeHost? Host => _chunk.Host;

    /// <summary>Visits that run.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _visits.Count;
            }
        }
    }

    /// <summary>What it does and has to do at each host now.</summary>
    public IReadOnlyList<ChunkHost> ListHosts()
    {
        Dictionary<ForgeHost, ChunkHost> hosts = [];
        lock (_gate)
        {
            foreach (ChunkTask task in _visits)
            {
                ChunkHost host = hosts.GetValueOrDefault(task.Host, new ChunkHost(task.Host, 0, 0));
                hosts[task.Host] = host with { Running = host.Running + 1 };
            }

            foreach (ChunkTask task in _queue)
            {
                ChunkHost host = hosts.GetValueOrDefault(task.Host, new ChunkHost(task.Host, 0, 0));
                hosts[task.Host] = host with { Waiting = host.Waiting + 1 };
            }
        }

        return [.. hosts.Values];
    }

    /// <summary>Whether it has taken the repository up: that waits for its turn, or is visited.</summary>
    public bool IsOpen(RepositoryUrl url)
    {
        lock (_gate)
        {
            return _visits.Any(task => task.Url == url) || _queue.Any(task => task.Url == url);
        }
    }

    /// <summary>Works until the chunk is done, given back or lost.</summary>
    /// <param name="cancellationToken">Wait for nothing more: what runs is left to itself. The gentle way is <see cref="ChunkRunOptions.Drain"/>.</param>
    /// <exception cref="IOException">The campaigns or the heads cannot be reached. The chunk comes back by itself, when its lease ends.</exception>
    public async Task<ChunkEnd> RunAsync(CancellationToken cancellationToken)
    {
        // Not disposed of asynchronously: this may go on within such a call, and would then wait for itself.
        using CancellationTokenRegistration onDrain = _options.Drain.Register(Stop);
        using CancellationTokenRegistration onAbort = cancellationToken.Register(Abort);
        Task keeper = Task.CompletedTask;
        try
        {
            // 1. The keeper renews the lease from the first moment on.
            keeper = GuardAsync(KeepAsync);

            // 2. The work.
            await GuardAsync(WorkAllAsync).ConfigureAwait(false);
        }
        finally
        {
            _keeping.End();
            await keeper.ConfigureAwait(false);
            LeaveQueue();
        }

        // 3. What has ended is written, also where something of ours failed.
        ChunkEnd end = _lost ? ChunkEnd.Lost : await EndAsync().ConfigureAwait(false);
        _failure?.Throw();
        return end;
    }

    public void Dispose()
    {
        _keeping.Dispose();
        _entering.Dispose();
        _visiting.Dispose();
    }

    private async Task WorkAllAsync()
    {
        for (int place = 0; place < _chunk.Lines.Count; place++)
        {
            if (!IsDone(place))
            {
                _open.Enqueue(new ChunkTask(place, _chunk.Lines[place]));
            }
        }

        int workers = Math.Min(Math.Max(1, _options.Jobs), _open.Count);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => GuardAsync(WorkAsync))).ConfigureAwait(false);
    }

    /// <summary>A loop's failure, which is ours or the store's, stops the others and is thrown in the end.</summary>
    private async Task GuardAsync(Func<Task> loop)
    {
        try
        {
            await loop().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_entering.IsCancellationRequested)
        {
            // Asked for.
        }
#pragma warning disable CA1031 // Whatever it is: the others must stop, and it is thrown again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _ = Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Abort();
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
        }

        _entering.Cancel();
    }

    private void Abort()
    {
        Stop();
        _visiting.Cancel();
    }

    /// <summary>Nobody waits for a permit any more, and others may visit what is left.</summary>
    private void LeaveQueue()
    {
        RepositoryUrl[] held;
        lock (_gate)
        {
            while (_queue.TryDequeue(out ChunkTask? left))
            {
                _permits.AddWaiting(left.Host, -1);
            }

            held = [.. _held];
            _held.Clear();
        }

        Array.ForEach(held, _holds.Release);
    }
}
