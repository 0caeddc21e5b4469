using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

internal sealed partial class HostQueues
{
    /// <summary>Takes the repository whose turn it is, with a permit, or to be ended without request. False: none now; see <see cref="NextReadyAt"/>.</summary>
    public bool TryTake(long now, out TakenSync taken)
    {
        while (_timed.TryPeek(out HostQueue? timed, out long at) && at <= now)
        {
            _timed.Dequeue();
            if (timed.Stands == HostQueue.Place.Timed && timed.TimedAt == at)
            {
                MakeReady(timed);
            }
        }

        while (_ready.TryDequeue(out HostQueue? queue))
        {
            queue.Stands = HostQueue.Place.Idle;
            if (queue.InMemory > 0 && TryTakeFrom(queue, now, out taken))
            {
                return true;
            }
        }

        taken = default;
        return false;
    }

    /// <summary>A sync that was taken has ended; its permit goes back to the host.</summary>
    public void End(in TakenSync taken, HostEvidence evidence, long now)
    {
        HostQueue queue = taken.Host;
        Running--;
        bool waits = taken.Policy.IsHalfOpen;
        if (taken.WithoutRequest is null)
        {
            taken.Policy.End(taken.BegunAt, evidence, now);
            Learn(queue, taken.Sync.Url, evidence);
        }

        queue.Done++;
        queue.Known.Done++;
        Stir(queue, now, opened: waits && !taken.Policy.IsHalfOpen);
    }

    /// <summary>A canary was asked.</summary>
    public void EndCanary(in TakenSync taken, HostEvidence evidence, long now)
    {
        Running--;
        taken.Policy.EndCanary(taken.BegunAt, evidence, now);
        Stir(taken.Host, now, opened: !taken.Policy.IsHalfOpen);
    }

    /// <summary>As <see cref="End"/>, but the sync was throttled and waits again, first in its host's queue.</summary>
    public void EndAndAddAgain(in TakenSync taken, HostEvidence evidence, long now)
    {
        HostQueue queue = taken.Host;
        Running--;
        taken.Policy.End(taken.BegunAt, evidence, now);
        queue.AddAgain(taken.Sync with { Throttlings = taken.Sync.Throttlings + 1 });
        InMemory++;
        Stir(queue, now, opened: false);
    }

    /// <summary>A sync that was taken was not begun, or was cancelled: its permit goes back, and it is forgotten.</summary>
    public void Abandon(in TakenSync taken, long now)
    {
        Running--;
        if (taken.WithoutRequest is null)
        {
            taken.Policy.End(taken.BegunAt, default, now);
        }
    }

    /// <summary>
    /// Ends the waiting of all hosts that are silent now: what waits for them ends as throttled until they speak again. What an
    /// operator braked is waited for.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public bool StopWaiting(long now)
    {
        List<(HostQueue Queue, long At)> kept = [];
        bool any = false;
        while (_timed.TryDequeue(out HostQueue? queue, out long at))
        {
            if (queue.Stands != HostQueue.Place.Timed || queue.TimedAt != at)
            {
                continue;
            }

            if (queue.MayEndSooner || _book.IsBraked(queue.Host, now, out _))
            {
                kept.Add((queue, at));
                continue;
            }

            any = true;
            queue.NotWaitedForUntil = at;
            MakeReady(queue);
        }

        foreach ((HostQueue queue, long at) in kept)
        {
            _timed.Enqueue(queue, at);
        }

        return any;
    }

    /// <summary>A permit came back in another campaign, or a brake or another's precedence ended: who waited for that is asked again.</summary>
    public void StirFromOutside(KnownHost known)
    {
        if (known.Budget is { } budget && _budgets.TryGetValue(budget, out List<HostQueue>? sharing))
        {
            foreach (HostQueue queue in sharing)
            {
                AskAgain(queue);
            }
        }

        if (_hosts.TryGetValue(known.Host, out HostQueue? own))
        {
            AskAgain(own);
        }
    }

    /// <summary>As <see cref="StirFromOutside"/>, for all hosts.</summary>
    public void StirAll()
    {
        foreach (HostQueue queue in _hosts.Values)
        {
            AskAgain(queue);
        }
    }

    private void AskAgain(HostQueue queue)
    {
        if (queue.InMemory > 0 && (queue.Stands == HostQueue.Place.Saturated || (queue.Stands == HostQueue.Place.Timed && queue.MayEndSooner)))
        {
            MakeReady(queue);
        }
    }

    private bool TryTakeFrom(HostQueue queue, long now, out TakenSync taken)
    {
        if (MustWait(queue, now, out long until))
        {
            WaitUntil(queue, until, mayEndSooner: true);
            taken = default;
            return false;
        }

        PermitAnswer answer = now < queue.NotWaitedForUntil ? PermitAnswer.NotYet : queue.Policy.TryBegin(now);
        switch (answer)
        {
            case PermitAnswer.Granted when queue.Policy.WantsCanary && queue.Canary is { } canary:
                Running++;
                taken = new TakenSync(new WaitingSync(canary, null, 0), queue, now, null, 0) { IsCanary = true };
                WaitUntil(queue, now + HostPolicy.CanaryPatience.Ticks, mayEndSooner: false);
                return true;
            case PermitAnswer.Granted:
                queue.Known.LastServed = this;
                taken = new TakenSync(RemoveFrom(queue), queue, now, null, 0);
                break;
            case PermitAnswer.GivenUp:
                taken = new TakenSync(RemoveFrom(queue), queue, now, Outcome.Unreachable, now + HostPolicy.GivenUpFor.Ticks);
                break;
            case PermitAnswer.NotYet when now < queue.NotWaitedForUntil:
                taken = new TakenSync(RemoveFrom(queue), queue, now, Outcome.Throttled, queue.NotWaitedForUntil);
                break;
            case PermitAnswer.NotYet:
                WaitUntil(queue, queue.Policy.ReadyAt, mayEndSooner: false);
                taken = default;
                return false;
            default:
                queue.Stands = HostQueue.Place.Saturated;
                taken = default;
                return false;
        }

        Running++;
        if (queue.InMemory > 0)
        {
            // Not into the round only to be sent away again: that would cost every end an idle worker's waking.
            if (queue.Policy.Running >= queue.Policy.Allowed && taken.WithoutRequest is null)
            {
                queue.Stands = HostQueue.Place.Saturated;
            }
            else
            {
                MakeReady(queue);
            }
        }

        return true;
    }

    /// <summary>Whether an operator's brake or another campaign's precedence stands before the policy.</summary>
    private bool MustWait(HostQueue queue, long now, out long until)
    {
        if (_book.IsBraked(queue.Host, now, out until))
        {
            return true;
        }

        until = now + Limits.GiveWayPeriod.Ticks;
        return GivesWay is { } givesWay && givesWay(queue);
    }

    private void WaitUntil(HostQueue queue, long until, bool mayEndSooner)
    {
        (queue.Stands, queue.TimedAt, queue.MayEndSooner) = (HostQueue.Place.Timed, until, mayEndSooner);
        _timed.Enqueue(queue, until);
    }

    private WaitingSync RemoveFrom(HostQueue queue)
    {
        WaitingSync sync = queue.Remove();
        InMemory--;
        AskForRefill(queue);
        return sync;
    }

    /// <param name="queue">Whose sync ended.</param>
    /// <param name="now">The time.</param>
    /// <param name="opened">A canary was answered: nobody needs to wait for its patience to end.</param>
    private void Stir(HostQueue queue, long now, bool opened)
    {
        StirOne(queue, now, opened);
        if (queue.Budget is { } budget)
        {
            foreach (HostQueue other in _budgets[budget])
            {
                if (other != queue)
                {
                    StirOne(other, now, opened);
                }
            }
        }
    }

    private void StirOne(HostQueue queue, long now, bool opened)
    {
        if (queue.InMemory > 0 && (queue.Stands is HostQueue.Place.Saturated or HostQueue.Place.Idle || (queue.Stands == HostQueue.Place.Timed && (opened || queue.MayEndSooner))))
        {
            MakeReady(queue);
        }
        else if (queue.Waiting == 0 && _hosts.Count > _sweepAt)
        {
            Sweep(now);
        }
    }

    /// <summary>What an answer tells beside its evidence: a repository that is there, and where the host is.</summary>
    private void Learn(HostQueue queue, RepositoryUrl url, HostEvidence evidence)
    {
        if (evidence.Kind != HostEvidenceKind.Answered)
        {
            return;
        }

        if (_book.HasCanary && evidence.Served && _book.CanaryOf(queue.Host) is null)
        {
            (queue.Canary, queue.Policy.HasCanary) = (url, true);
        }

        _book.LearnBudget(queue.Known);
        JoinBudget(queue);
    }

    /// <summary>Stands among the hosts of its budget, once that is known: one's end is a permit for the others.</summary>
    private void JoinBudget(HostQueue queue)
    {
        if (queue.Budget is not null || queue.Known.Budget is not { } budget)
        {
            return;
        }

        queue.Budget = budget;
        if (!_budgets.TryGetValue(budget, out List<HostQueue>? sharing))
        {
            _budgets.Add(budget, sharing = []);
        }

        sharing.Add(queue);
    }

    private void MakeReady(HostQueue queue)
    {
        queue.Stands = HostQueue.Place.Ready;
        _ready.Enqueue(queue);
    }

    /// <summary>Forgets hosts without work of which there is nothing to remember. Each sweep waits for as many new hosts as it left.</summary>
    private void Sweep(long now)
    {
        foreach (HostQueue queue in _hosts.Values)
        {
            if (queue.Waiting == 0 && queue.Stands == HostQueue.Place.Idle && queue.SavedVersion == queue.Policy.Version && queue.Policy.IsPristine(now))
            {
                _hosts.Remove(queue.Host);
                _book.Leave(queue.Known, now);
                if (queue.Budget is { } budget && _budgets[budget].Remove(queue) && _budgets[budget].Count == 0)
                {
                    _budgets.Remove(budget);
                }
            }
        }

        _sweepAt = Math.Max(Limits.IdleHostsMax, _hosts.Count * 2);
    }
}
