using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

public sealed partial class ChunkRun
{
    /// <summary>Looks the lines up that are not done, and queues those that are to be visited.</summary>
    private async Task AdmitAsync()
    {
        List<(int Place, ChunkLine Line)> open = [];
        for (int place = 0; place < _chunk.Lines.Count; place++)
        {
            if (!IsDone(place))
            {
                open.Add((place, _chunk.Lines[place]));
            }
        }

        foreach ((int Place, ChunkLine Line)[] batch in open.Chunk(Limits.FindBatch))
        {
            IReadOnlyList<RepositoryState?> known = await _heads.FindAsync(Array.ConvertAll(batch, b => b.Line.Url), _entering.Token).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                await AdmitAsync(batch[i].Place, batch[i].Line, known[i]).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask AdmitAsync(int place, ChunkLine line, RepositoryState? known)
    {
        switch (_rule.Decide(known, _clock.GetUtcNow()))
        {
            case Admission.Visit:
                ChunkTask task = new(place, line, known);
                lock (_gate)
                {
                    _queue.Enqueue(task);
                }

                _permits.AddWaiting(task.Host, 1);
                break;
            case Admission.DoneBefore or Admission.Duplicate:
                Settle(place, known, VisitedBefore.Report(known!, await FindVisitAsync(known!).ConfigureAwait(false)));
                break;
            default:
                Skip(place);
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
        while (TryTake(out ChunkTask? task))
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
            end = await _visit(task.Url, permit, comesAgain, _visiting.Token).ConfigureAwait(false);
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
            Settle(task.Place, task.Known, report);
            return;
        }

        task.Throttlings += end.IsPutBack ? 1 : 0;
        task.CutOffs += end.IsPutBack ? 0 : 1;
        if (task.CutOffs <= Limits.CutOffsMax)
        {
            PutBack(task);
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
        Settle(task.Place, task.Known, report);
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ChunkTask? task)
    {
        lock (_gate)
        {
            task = null;
            return !_stopping && _queue.TryDequeue(out task);
        }
    }

    private bool IsClosed(ChunkTask task)
    {
        lock (_gate)
        {
            return _closedHosts.ContainsKey(task.Host);
        }
    }

    private void PutBack(ChunkTask task)
    {
        _permits.AddWaiting(task.Host, 1);
        lock (_gate)
        {
            _queue.Enqueue(task);
        }
    }

    private bool IsDone(int place) => (_done[place / 8] & (1 << (place % 8))) != 0;
}
