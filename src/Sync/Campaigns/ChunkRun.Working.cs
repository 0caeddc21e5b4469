using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

public sealed partial class ChunkRun
{
    /// <summary>The next repository to visit; null: nothing is left, or nothing more is to begin.</summary>
    private async ValueTask<ChunkTask?> NextAsync()
    {
        while (true)
        {
            ChunkTask? task;
            bool isTurn = false;
            Wakeup? turnsEnd = null;
            lock (_gate)
            {
                if (_stopping)
                {
                    return null;
                }

                bool isLow = !_queue.TryDequeue(out task) || (_queue.Count < Limits.HoldAhead && _open.Count > 0);
                if (isLow && !_admits)
                {
                    isTurn = _admits = true;
                }
                else if (task is null)
                {
                    _awaitTurn.Add(turnsEnd = new Wakeup(_options.Inline));
                }
            }

            bool isMore = !isTurn || await AdmitAsync(task).ConfigureAwait(false);
            if (task is not null || !isMore)
            {
                return task;
            }

            if (turnsEnd is not null)
            {
                await turnsEnd.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>A turn at fetching the next ones, while the others work.</summary>
    /// <param name="inHand">What the caller works next; null: it has nothing, and waits for what others hold.</param>
    /// <returns>Whether there may be more to do.</returns>
    private async Task<bool> AdmitAsync(ChunkTask? inHand)
    {
        bool isEnded = false;
        try
        {
            bool isMore = await AdmitNextAsync().ConfigureAwait(false) || (inHand is null && await AwaitRefusedAsync().ConfigureAwait(false));
            isEnded = true;
            return isMore;
        }
        finally
        {
            Wakeup[] waiters;
            lock (_gate)
            {
                _admits = false;
                waiters = [.. _awaitTurn];
                _awaitTurn.Clear();
                if (!isEnded && inHand is not null)
                {
                    _queue.Enqueue(inHand);
                }
            }

            Array.ForEach(waiters, waiter => waiter.Wake());
        }
    }

    /// <summary>Holds the next lines, looks them up, and queues those that are to be visited.</summary>
    /// <returns>Whether any line was left.</returns>
    private async Task<bool> AdmitNextAsync()
    {
        List<ChunkTask> batch = TakeOpen();
        if (batch.Count == 0)
        {
            return false;
        }

        IReadOnlyList<bool> taken = await _holds.TakeAsync([.. batch.Select(task => task.Url)], _entering.Token).ConfigureAwait(false);
        List<ChunkTask> held = [.. batch.Where((_, i) => taken[i])];
        lock (_gate)
        {
            _held.UnionWith(held.Select(task => task.Url));
            _refused.AddRange(batch.Where((_, i) => !taken[i]));
        }

        IReadOnlyList<RepositoryState?> known = await _heads.FindAsync([.. held.Select(task => task.Url)], _entering.Token).ConfigureAwait(false);
        for (int i = 0; i < held.Count; i++)
        {
            held[i].Known = known[i];
            await QueueAsync(held[i]).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Repositories that others visit are asked for again after a while.</summary>
    private async Task<bool> AwaitRefusedAsync()
    {
        lock (_gate)
        {
            if (_refused.Count == 0 || IsGivenUp || !_options.AwaitsOthers)
            {
                return false;
            }
        }

        // Not cancelled: a drain may wait as long.
        await Task.Delay(Limits.HeldElsewherePause, _clock, CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            _refused.ForEach(_open.Enqueue);
            _refused.Clear();
        }

        return true;
    }

    private List<ChunkTask> TakeOpen()
    {
        List<ChunkTask> batch = [];
        lock (_gate)
        {
            while (batch.Count < Limits.HoldBatch && !IsGivenUp && _open.TryDequeue(out ChunkTask? task))
            {
                batch.Add(task);
            }
        }

        return batch;
    }

    private async ValueTask QueueAsync(ChunkTask task)
    {
        switch (_rule.Decide(task.Known, _clock.GetUtcNow()))
        {
            case Admission.Visit:
                // Told first: who takes the task tells that it waits no more.
                _permits.AddWaiting(task.Host, 1);
                lock (_gate)
                {
                    _queue.Enqueue(task);
                }

                break;
            case Admission.DoneBefore or Admission.Duplicate:
                Settle(task, VisitedBefore.Report(task.Known!, await FindVisitAsync(task.Known!).ConfigureAwait(false)));
                break;
            default:
                Skip(task);
                break;
        }
    }

    /// <summary>The visit of this campaign that the head store has.</summary>
    private async ValueTask<Visit?> FindVisitAsync(RepositoryState known)
    {
        await foreach (Visit visit in _heads.ListVisitsAsync(known.Url, _entering.Token).ConfigureAwait(false))
        {
            return visit;
        }

        return null;
    }

    private async Task WorkAsync()
    {
        while (await NextAsync().ConfigureAwait(false) is { } task)
        {
            bool waits = true;
            try
            {
                if (IsClosed(task))
                {
                    continue;
                }

                HostAdmission admission = await _permits.EnterAsync(task.Host, _entering.Token).ConfigureAwait(false);
                if (admission.Permit is null)
                {
                    await RefuseAsync(task, admission).ConfigureAwait(false);
                    continue;
                }

                waits = false;
                _permits.AddWaiting(task.Host, -1);
                await VisitAsync(task, admission.Permit).ConfigureAwait(false);
            }
            finally
            {
                if (waits)
                {
                    _permits.AddWaiting(task.Host, -1);
                }
            }
        }
    }

    private async Task VisitAsync(ChunkTask task, IHostPermit permit)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                permit.End(null);
                return;
            }

            _visits.Add(task);
        }

        ChunkVisitEnd end;
        try
        {
            bool comesAgain = task.Throttlings < Limits.ThrottlingsMax && _chunk.Attempts < Limits.ChunkPatience;
            end = await _visit(task.Url, task.Known, permit, comesAgain, _visiting.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_visiting.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            lock (_gate)
            {
                _visits.Remove(task);
            }
        }

        if (end.Report is { } report)
        {
            Settle(task, report);
            return;
        }

        task.Throttlings += end.IsPutBack ? 1 : 0;
        task.CutOffs += end.IsPutBack ? 0 : 1;
        if (end.IsPutBack)
        {
            _permits.AddWaiting(task.Host, 1);
            lock (_gate)
            {
                _queue.Enqueue(task);
            }
        }
        else if (task.CutOffs <= Limits.CutOffsMax)
        {
            // It may have been recorded after all: it is held and looked up anew.
            Release(task);
            lock (_gate)
            {
                _open.Enqueue(task);
            }
        }
        else if (_chunk.Attempts >= Limits.ChunkPatience)
        {
            await EndWithoutVisitAsync(task, Outcome.Failed, "its visits were cut off, again and again", TimeSpan.FromHours(1)).ConfigureAwait(false);
        }
    }

    /// <summary>The host gives no permit for long: its repositories are given back; after many attempts they end so.</summary>
    private async Task RefuseAsync(ChunkTask task, HostAdmission admission)
    {
        bool down = admission.Answer == PermitAnswer.GivenUp;
        TimeSpan retryIn = admission.RetryIn > Limits.SilenceMin ? admission.RetryIn : down ? HostPolicy.GivenUpFor : Limits.SilenceMin;
        if (_chunk.Attempts >= (down ? Limits.ChunkPatienceDown : Limits.ChunkPatience))
        {
            await EndWithoutVisitAsync(
                task, down ? Outcome.Unreachable : Outcome.Throttled,
                down ? $"not asked: {task.Host} did not answer" : $"not asked: {task.Host} wants no requests for now", retryIn).ConfigureAwait(false);
            return;
        }

        lock (_gate)
        {
            _closedHosts[task.Host] = retryIn < Limits.SilenceMax ? retryIn : Limits.SilenceMax;
        }
    }

    private async Task EndWithoutVisitAsync(ChunkTask task, Outcome outcome, string error, TimeSpan retryIn)
    {
        (SyncReport report, Visit visit) = VisitedBefore.NotVisited(task.Url, task.Known, _chunk.Hold.Campaign, outcome, error, retryIn, _clock.GetUtcNow());
        await _heads.RecordAsync([visit], CancellationToken.None).ConfigureAwait(false);
        Settle(task, report);
    }

    /// <summary>Under the lock. The host of all lines is closed: nothing more is worth a look.</summary>
    private bool IsGivenUp => _chunk.Host is { } host && _closedHosts.ContainsKey(host);

    private bool IsClosed(ChunkTask task)
    {
        lock (_gate)
        {
            return _closedHosts.ContainsKey(task.Host);
        }
    }

    private void Release(ChunkTask task)
    {
        bool wasHeld;
        lock (_gate)
        {
            wasHeld = _held.Remove(task.Url);
        }

        if (wasHeld)
        {
            _holds.Release(task.Url);
        }
    }

    private bool IsDone(int place) => (_done[place / 8] & (1 << (place % 8))) != 0;
}
