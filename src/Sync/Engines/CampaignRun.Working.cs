using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private readonly Stack<Wakeup> _parked = new();
    private readonly ITimer _timer;
    private long _timerAt = long.MaxValue;

    private enum Turn
    {
        Taken,
        Wait,
        Ended,
    }

    /// <summary>One loop for all of a worker's syncs: its state is allocated once, not with each of them.</summary>
    private async Task WorkAsync()
    {
        Wakeup wakeup = new(_options.Inline);
        Turn turn;
        while ((turn = TakeTurn(wakeup, out TakenSync taken)) != Turn.Ended)
        {
            if (turn == Turn.Wait)
            {
                await wakeup.WaitAsync().ConfigureAwait(false);
                continue;
            }

            SyncResult result;
            try
            {
                if (taken.IsCanary)
                {
                    EndCanary(taken, await _canary!(taken.Sync.Url, _running.Token).ConfigureAwait(false));
                    continue;
                }

                result = taken.WithoutRequest is { } outcome
                    ? NotAsked.Result(taken, outcome, _clock.GetUtcNow())
                    : await VisitAsync(taken).ConfigureAwait(false);
            }
            catch
            {
                lock (_gate)
                {
                    _queues.Abandon(taken, _clock.GetUtcNow().UtcTicks);
                    _room.Stir(this, taken.Host.Known);
                }

                throw;
            }

            EndTurn(taken, result);
        }
    }

    /// <summary>One visit to a repository at a time, over all campaigns.</summary>
    private async Task<SyncResult> VisitAsync(TakenSync taken)
    {
        string url = taken.Sync.Url.ToString();
        while (_room.BeginVisit(url) is { } other)
        {
            await other.WaitAsync(_running.Token).ConfigureAwait(false);
        }

        try
        {
            return await _sync(taken.Sync.Url, taken.Sync.Known, _running.Token).ConfigureAwait(false);
        }
        finally
        {
            _room.EndVisit(url);
        }
    }

    private Turn TakeTurn(Wakeup wakeup, out TakenSync taken)
    {
        List<Wakeup>? sleepers = null;
        Wakeup? sleeper = null;
        Turn turn;
        lock (_gate)
        {
            taken = default;
            if (_stopping || _workEnded)
            {
                return Turn.Ended;
            }

            long now = _clock.GetUtcNow().UtcTicks;
            if (_unrecorded < Limits.UnrecordedMax && (_queues.TryTake(now, out taken) || (StopWaiting(now) && _queues.TryTake(now, out taken))))
            {
                turn = Turn.Taken;
                _room.Stir(this, taken.Host.Known);

                // One wakes the next while there is work: nobody counts how many permits a moment gives.
                sleeper = WakeWorker() ?? WakeReader();
                if (_parked.Count > 0)
                {
                    ArmTimer(now);
                }
            }
            else if ((sleepers = WakeAllIfEnded()) is not null)
            {
                turn = Turn.Ended;
            }
            else
            {
                turn = Turn.Wait;
                _parked.Push(wakeup);
                ArmTimer(now);
                sleeper = WakeReader();
            }
        }

        sleeper?.Wake();
        Wake(sleepers);
        _room.WakeStirred();
        return turn;
    }

    private void EndCanary(in TakenSync taken, RemoteFailure? failure)
    {
        Wakeup? sleeper;
        lock (_gate)
        {
            _queues.EndCanary(taken, HostEvidence.OfCanary(failure), _clock.GetUtcNow().UtcTicks);
            _room.MarkChanged(taken.Host);
            _room.Stir(this, taken.Host.Known);
            sleeper = WakeWorker();
        }

        sleeper?.Wake();
        _room.WakeStirred();
        LogCanary(_log, _campaign.Id.Number, taken.Host.Host.ToString(), taken.Sync.Url.ToString(), failure?.Message ?? "answered");
    }

    private void EndTurn(in TakenSync taken, SyncResult result)
    {
        HostPolicy policy = taken.Policy;
        bool changed;
        lock (_gate)
        {
            long now = _clock.GetUtcNow().UtcTicks;
            int version = policy.Version;
            HostEvidence evidence = taken.WithoutRequest is null ? HostEvidence.Of(result, taken.Sync.Known) : default;
            if (PutBack(taken, result, evidence, now))
            {
                _counts.CountTraffic(result.Report);
            }
            else
            {
                _queues.End(taken, evidence, now);
                Enqueue(taken.Sync, result);
            }

            changed = policy.Version != version;
            if (changed)
            {
                _room.MarkChanged(taken.Host);
            }

            _room.Stir(this, taken.Host.Known);
        }

        _room.WakeStirred();

        if (changed)
        {
            LogHost(_log, _campaign.Id.Number, taken.Host.Host.ToString(), policy.ToText() ?? "as allowed", new DateTimeOffset(policy.SilentUntil, TimeSpan.Zero));
        }
    }

    /// <summary>Under the lock: a throttled sync waits again, where its host's silence is one to wait for.</summary>
    private bool PutBack(in TakenSync taken, SyncResult result, HostEvidence evidence, long now)
    {
        if (evidence.Kind != HostEvidenceKind.Throttled || result.Report.Outcome != Outcome.Throttled || _stopping
            || taken.Sync.Throttlings >= Limits.ThrottlingsMax || evidence.RetryAfter > Patience())
        {
            return false;
        }

        _queues.EndAndAddAgain(taken, evidence, now);
        return true;
    }

    /// <summary>Under the lock: when only silence is left, and too long a one, what waits for it is told so.</summary>
    private bool StopWaiting(long now)
    {
        if (!_listEnded || _queues.Running > 0 || _queues.HasReady || _queues.NextReadyAt is not { } at || at - now <= Patience().Ticks)
        {
            return false;
        }

        return _queues.StopWaiting(now);
    }

    private TimeSpan Patience()
    {
        TimeSpan elapsed = _clock.GetElapsedTime(_beganAt);
        return elapsed > Limits.PatienceMin ? elapsed : Limits.PatienceMin;
    }

    private void ArmTimer(long now)
    {
        if (_queues.NextReadyAt is { } at && at < _timerAt)
        {
            _timerAt = at;

            // In whole milliseconds, upwards: a timer that fires too early would only come again.
            long ticks = Math.Min(Math.Max(0, at - now), Limits.TimerMax.Ticks);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(ticks / (double)TimeSpan.TicksPerMillisecond)), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        Wakeup? sleeper = null;
        lock (_gate)
        {
            _timerAt = long.MaxValue;
            sleeper = _parked.Count > 0 ? _parked.Pop() : null;
        }

        sleeper?.Wake();
    }

    /// <summary>Under the lock: the reader, if it sleeps and there is something for it.</summary>
    private Wakeup? WakeReader()
    {
        // At half of the read-ahead: so that it reads batches, not lines.
        if (_readerParked && (_queues.HasRefills || (!_listEnded && WantsLines(_options.ReadAhead / 2))))
        {
            _readerParked = false;
            return _readerWakeup;
        }

        return null;
    }

    /// <summary>Under the lock: one worker, if one sleeps and some host may have a permit to give; he wakes the next.</summary>
    private Wakeup? WakeWorker() => _queues.HasReady && _parked.TryPop(out Wakeup? sleeper) ? sleeper : null;

    /// <summary>Under the lock: at the end of all work, everybody who sleeps; else null.</summary>
    private List<Wakeup>? WakeAllIfEnded()
    {
        if (!_listEnded || !_queues.IsEmpty || _workEnded)
        {
            return null;
        }

        _workEnded = true;
        List<Wakeup> sleepers = [.. _parked];
        _parked.Clear();
        if (_readerParked)
        {
            _readerParked = false;
            sleepers.Add(_readerWakeup);
        }

        return sleepers;
    }

    private static void Wake(List<Wakeup>? sleepers)
    {
        if (sleepers is not null)
        {
            foreach (Wakeup sleeper in sleepers)
            {
                sleeper.Wake();
            }
        }
    }
}
