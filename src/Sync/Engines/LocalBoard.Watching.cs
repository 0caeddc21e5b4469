using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;

namespace Actors.Sync.Engines;

/// <content>A watch beside the campaigns: in the same room, so that hosts see one patience and repositories one visit at a time.</content>
public sealed partial class LocalBoard
{
    private Watch? _watch;
    private CampaignRun? _watchRun;
    private string? _watchFailure;
    private int _watchRunning;

    /// <summary>The watch that runs, as an operator sees it; null: none does.</summary>
    public WatchView? ViewWatch()
    {
        lock (_gate)
        {
            return _watch is null ? null : _watch.View with { Failure = _watchFailure };
        }
    }

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

            _watch = watch;
            Task run = _engine.IsInline ? KeepAsync(watch, cancellationToken) : Task.Run(() => KeepAsync(watch, cancellationToken), CancellationToken.None);
            _runs.Add(run);
            return run;
        }
    }

    private async Task KeepAsync(Watch watch, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        CampaignRequest request = Request(new CampaignOrder(), TextReader.Null, 0) with { Key = "watch" };
        BoardObserver observer = new(Note, progress => Volatile.Write(ref _watchRunning, progress.Running));
        bool isKnownAdded = false;
        try
        {
            for (int failures = 0; ; failures++)
            {
                try
                {
                    if (!isKnownAdded)
                    {
                        await watch.AddKnownAsync(ends.Token).ConfigureAwait(false);
                        isKnownAdded = true;
                    }

                    await watch.RunAsync(new RoomEngine(this), request, observer, ends.Token).ConfigureAwait(false);
                    return;
                }
#pragma warning disable CA1031 // Whatever it is: campaigns go on, and the watch is tried again.
                catch (Exception failure) when (!ends.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    TimeSpan pause = Limits.FailedRunPause * Math.Pow(2, Math.Min(failures, 6));
                    SetWatchFailure(failure.Message);
                    LogWatchFailed(_log, failure, _clock.GetUtcNow() + pause);
                    await Task.Delay(pause, _clock, ends.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // How it ends.
        }
        finally
        {
            lock (_gate)
            {
                (_watch, _watchFailure, _watchRunning) = (null, null, 0);
            }
        }
    }

    private void SetWatchFailure(string? failure)
    {
        lock (_gate)
        {
            _watchFailure = failure;
        }
    }

    /// <summary>A campaign's visit: counted, and its repository scheduled.</summary>
    private void NoteOfCampaign(SyncReport report)
    {
        Watch? watch;
        lock (_gate)
        {
            watch = _watch;
        }

        watch?.See(report.Url);
        Note(report);
    }

    /// <summary>Runs in the board's room what nobody submitted.</summary>
    private sealed class RoomEngine(LocalBoard board) : IEngine
    {
        public async Task<CampaignState> RunAsync(CampaignRequest request, ICampaignObserver observer, CancellationToken cancellationToken)
        {
            CampaignState state = await board._heads.BeginCampaignAsync(
                new CampaignState { Key = request.Key, StartedAt = board._clock.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
            using CampaignRun run = board._engine.MakeRun(request, state, board._room, null, observer);
            board.SetWatchFailure(null);
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
