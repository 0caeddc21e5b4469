using System.Runtime.ExceptionServices;
using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Schedules;

/// <summary>
/// Works what a watch finds due in a process that shares hosts' patience and repositories with others, a turn of hosts at a time, each as
/// a chunk of a campaign is worked (<see cref="ChunkRun"/>). Visits belong to no campaign. What a host has no permit for, what others visit and what was
/// cut off is put back into the schedule. Safe for concurrent calls.
/// </summary>
public sealed class DueRun : IDisposable
{
    private readonly Lock _gate = new();
    private readonly KeptWatch _kept;
    private readonly IHeadStore _heads;
    private readonly IHostPermits _permits;
    private readonly IRepositoryHolds _holds;
    private readonly ChunkVisit _visit;
    private readonly DueRunOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<SyncReport>? _ended;
    private readonly DueLanes _lanes = new();
    private readonly Dictionary<ChunkRun, Task> _turns = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _onDrain;
    private readonly Wakeup _wakeup;
    private bool _parked;
    private int _number;
    private ExceptionDispatchInfo? _failure;

    /// <param name="kept">What says what is due, and is told how visits end.</param>
    /// <param name="heads">What is known of repositories.</param>
    /// <param name="permits">Doors to hosts.</param>
    /// <param name="holds">The right to visit.</param>
    /// <param name="visit">Visits one repository.</param>
    /// <param name="options">How.</param>
    /// <param name="clock">Times.</param>
    /// <param name="ended">Told of each outcome, on any thread; or null.</param>
    public DueRun(
        KeptWatch kept, IHeadStore heads, IHostPermits permits, IRepositoryHolds holds, ChunkVisit visit, DueRunOptions options, TimeProvider clock, Action<SyncReport>? ended = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_kept, _heads, _permits, _holds, _visit, _options, _clock, _ended) = (kept, heads, permits, holds, visit, options, clock, ended);
        (_wakeup, _onDrain) = (new Wakeup(options.Inline), options.Drain.Register(Stop));
    }

    /// <summary>Turns that run.</summary>
    public IReadOnlyList<ChunkRun> ListTurns()
    {
        lock (_gate)
        {
            return [.. _turns.Keys];
        }
    }

    /// <summary>Runs until it is drained, or, of a watch that runs once, until nothing is due. Once only.</summary>
    /// <param name="cancellationToken">Wait for nothing more: what runs is left to itself. The gentle way is <see cref="DueRunOptions.Drain"/>.</param>
    /// <exception cref="OperationCanceledException">Drained.</exception>
    /// <exception cref="IOException">The schedule or the heads cannot be reached.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => _kept.Watch.RunAsync(() => WorkAsync(cancellationToken));

    public void Dispose()
    {
        _onDrain.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await AwaitNeedAsync().ConfigureAwait(false);
                IReadOnlyList<RepositoryUrl> due = await _kept.Watch.NextAsync(_stop.Token).ConfigureAwait(false);
                if (due.Count == 0)
                {
                    return;
                }

                _kept.GoOn();
                Add(due);
                BeginTurns(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            // A turn failed: thrown below.
        }
        finally
        {
            await EndTurnsAsync().ConfigureAwait(false);
            _failure?.Throw();
        }
    }

    /// <summary>More is taken when what waits does not keep the turns at work: others may have more time for it.</summary>
    private async ValueTask AwaitNeedAsync()
    {
        lock (_gate)
        {
            _stop.Token.ThrowIfCancellationRequested();
            _parked = _lanes.Waiting >= _options.TurnsMax * _options.JobsOfTurn;
            if (!_parked)
            {
                return;
            }
        }

        await _wakeup.WaitAsync().ConfigureAwait(false);
        _stop.Token.ThrowIfCancellationRequested();
    }

    private void Add(IReadOnlyList<RepositoryUrl> due)
    {
        foreach (RepositoryUrl url in due)
        {
            if (_options.Refuse?.Invoke(url) is not null)
            {
                _kept.Watch.Refused(url);
                continue;
            }

            lock (_gate)
            {
                _lanes.Add(url);
            }
        }
    }

    private void BeginTurns(CancellationToken cancellationToken)
    {
        while (true)
        {
            ChunkRun run;
            TaskCompletionSource begun = new();
            lock (_gate)
            {
                IReadOnlyList<RepositoryUrl> lines = _turns.Count >= _options.TurnsMax || _stop.IsCancellationRequested ? [] : _lanes.TakeTurn();
                if (lines.Count == 0)
                {
                    return;
                }

                DueTurn turn = new(lines, _clock, _stop.Token);
                run = new ChunkRun(
                    turn.ToChunk(++_number), _options.Order, turn, _heads, _permits, _holds, _visit,
                    new ChunkRunOptions { Jobs = _options.JobsOfTurn, Drain = turn.Ends, Revisit = true, AwaitsOthers = false, Inline = _options.Inline }, _clock, report => End(turn, report));
                _turns.Add(run, WorkAsync(run, turn, begun.Task, cancellationToken));
            }

            begun.SetResult();
        }
    }

    private async Task WorkAsync(ChunkRun run, DueTurn turn, Task begun, CancellationToken cancellationToken)
    {
        // Not under the lock of who begins it.
        await begun.ConfigureAwait(false);
        try
        {
            await run.RunAsync(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is: the others must stop, and it is thrown again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _ = Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Stop();
        }
        finally
        {
            End(run, turn);
        }

        BeginTurns(cancellationToken);
        Wake();
    }

    private void End(DueTurn turn, SyncReport report)
    {
        turn.End(report.Url);
        _kept.Watch.Ended(report);
        _ended?.Invoke(report);
    }

    /// <summary>What has not ended is put back, and with it what waits of the same hosts: they have no time for it now. When all stops it stays due as it was.</summary>
    private void End(ChunkRun run, DueTurn turn)
    {
        bool isStopped = _stop.IsCancellationRequested;
        DateTimeOffset now = _clock.GetUtcNow();
        lock (_gate)
        {
            foreach (RepositoryUrl url in isStopped ? [] : turn.Left)
            {
                DateTimeOffset dueAt = now + Limits.HostBusyPause;
                if (turn.SilentUntil(url.Host) is { } until && until > dueAt)
                {
                    dueAt = until;
                }

                foreach (RepositoryUrl also in _lanes.Clear(url.Host))
                {
                    _kept.Watch.PutBack(also, dueAt);
                }

                _kept.Watch.PutBack(url, dueAt);
            }

            _lanes.EndTurn(turn.Hosts);
            _turns.Remove(run);
        }

        run.Dispose();
        turn.Dispose();
    }

    private async Task EndTurnsAsync()
    {
        Stop();
        Task[] turns;
        lock (_gate)
        {
            turns = [.. _turns.Values];
        }

        await Task.WhenAll(turns).ConfigureAwait(false);
    }

    private void Stop()
    {
        _stop.Cancel();
        Wake();
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (!_parked || (!_stop.IsCancellationRequested && _lanes.Waiting >= _options.TurnsMax * _options.JobsOfTurn))
            {
                return;
            }

            _parked = false;
        }

        _wakeup.Wake();
    }
}
