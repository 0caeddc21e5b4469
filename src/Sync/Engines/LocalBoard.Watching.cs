using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;

namespace Actors.Sync.Engines;

/// <content>A watch beside the campaigns: in the same room, so that hosts see one patience and repositories one visit at a time.</content>
public sealed partial class LocalBoard
{
    private KeptWatch? _watch;
    private CampaignRun? _watchRun;
    private int _watchRunning;

    /// <summary>The watch that runs, as an operator sees it; null: none does.</summary>
    public WatchView? ViewWatch()
    {
        lock (_gate)
        {
            return _watch?.View;
        }
    }

    /// <inheritdoc/>
    public Task<WatchView?> ViewWatchAsync(CancellationToken cancellationToken) => Task.FromResult(ViewWatch());

    /// <summary>
    /// Schedules what the store knows and what campaigns visit, and keeps it fresh beside the campaigns, until it is cancelled or the
    /// board is closed; then the returned task ends. Our own failures (a full disk) stop it for a minute, twice as long each time up to an hour.
    /// </summary>
    /// <exception cref="InvalidOperationException">A watch runs already.</exception>
    public Task KeepFreshAsync(Watch watch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(watch);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_watch is not null)
            {
                throw new InvalidOperationException("This board keeps something fresh already.");
            }

            KeptWatch kept = _watch = new KeptWatch(watch, _clock, _log);
            Task run = _engine.IsInline ? KeepAsync(kept, cancellationToken) : Task.Run(() => KeepAsync(kept, cancellationToken), CancellationToken.None);
            _runs.Add(run);
            return run;
        }
    }

    private async Task KeepAsync(KeptWatch kept, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        CampaignRequest request = Request(new CampaignOrder(), TextReader.Null, 0) with { Key = "watch" };
        BoardObserver observer = new(Note, progress => Volatile.Write(ref _watchRunning, progress.Running));
        bool isKnownAdded = false;
        try
        {
            await kept.KeepAsync(RunAsync, ends.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                (_watch, _watchRunning) = (null, 0);
            }
        }

        async Task RunAsync(CancellationToken cancellation)
        {
            if (!isKnownAdded)
            {
                await kept.Watch.AddKnownAsync(cancellation).ConfigureAwait(false);
                isKnownAdded = true;
            }

            await kept.Watch.RunAsync(new RoomEngine(this, kept), request, observer, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>A campaign's visit: counted, and its repository scheduled.</summary>
    private void NoteOfCampaign(SyncReport report)
    {
        KeptWatch? kept;
        lock (_gate)
        {
            kept = _watch;
        }

        kept?.Watch.See(report.Url);
        Note(report);
    }

    /// <summary>Runs in the board's room what nobody submitted.</summary>
    private sealed class RoomEngine(LocalBoard board, KeptWatch kept) : IEngine
    {
        public async Task<CampaignState> RunAsync(CampaignRequest request, ICampaignObserver observer, CancellationToken cancellationToken)
        {
            CampaignState state = await board._heads.BeginCampaignAsync(
                new CampaignState { Key = request.Key, StartedAt = board._clock.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
            using CampaignRun run = board._engine.MakeRun(request, state, board._room, null, observer);
            kept.GoOn();
            lock (board._gate)
            {
                board._watchRun = run;
            }

            try
            {
                return await run.RunAsync(resumed: false, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                lock (board._gate)
                {
                    board._watchRun = null;
                }
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
