namespace Actors.Sync.ForgeHosts;

public sealed partial class HostBudget
{
    /// <summary>Answers a silo's call.</summary>
    public HostGrant Answer(HostCall call, long now)
    {
        ArgumentNullException.ThrowIfNull(call);
        TakeBack();
        HostLease? known = _leases.GetValueOrDefault(call.Silo);
        if (known is not null && call.Sequence <= known.Sequence)
        {
            // Late or repeated: the silo no longer waits for it, and what it said is older than what is known.
            return Nothing(call, known.Batch, now) with { Units = Math.Min(known.Units, call.Held) };
        }

        if (known is null && _leases.Count >= Limits.LeasesMax)
        {
            return Nothing(call, call.Batch - 1, now) with { Lapsed = call.Held > 0, AskAgainIn = Limits.LeaseTime };
        }

        // 1. What the silo believes: what it holds is what it was given, unless it was thought silent since.
        bool lapsed = known is null && call.Held > 0 && now >= _state.NoUnitsBefore;
        int held = lapsed ? 0 : call.Held;
        _returned += known is null ? 0 : Math.Max(0, known.Units - held);

        // 2. What ended; of a batch that is told again, nothing.
        long batch = known?.Batch ?? 0;
        if (call.Batch > batch)
        {
            Learn(call, now);
            batch = call.Batch;
        }

        HostLease lease = new()
        {
            Silo = call.Silo,
            Units = held,
            Running = call.Running,
            Wanted = Math.Max(0, call.Wanted),
            Starts = Math.Max(0, call.StartsHeld),
            StartsUntil = now + (Limits.StartsHorizon + Limits.StartsPatience).Ticks,
            ExpiresAt = now + Limits.LeaseTime.Ticks,
            Sequence = call.Sequence,
            Batch = batch,
            Waiting = Math.Max(0, call.Waiting),
            HasCanary = call.HasCanary,
        };
        _leases[call.Silo] = lease;
        _policy.HasCanary = _leases.Values.Any(l => l.HasCanary);

        // 3. Units, then starts for them.
        HostGrant grant = Nothing(call, batch, now) with { Lapsed = lapsed, UnitsFor = Limits.LeaseTime };
        PermitAnswer open = Look(now, out int most, out long readyAt);
        grant = grant with { Units = UnitsFor(lease, held, most, open, now), Answer = open, AskAgainIn = open == PermitAnswer.NotYet ? Until(readyAt, now) : TurnTime(most) };
        lease = lease with { Units = Math.Max(held, grant.Units) };
        if (open == PermitAnswer.Granted)
        {
            (grant, lease) = AddStarts(call, grant, lease, now);
        }

        _leases[call.Silo] = lease;
        return grant;
    }

    private HostGrant Nothing(HostCall call, long batch, long now) => new()
    {
        Sequence = call.Sequence,
        Batch = batch,
        Version = _state.Version,
        GrantedAt = now,
        Answer = PermitAnswer.NotYet,
        AskAgainIn = Limits.AskAgain,
        SilentFor = Until(SilentUntil, now),
    };

    private void Learn(HostCall call, long now)
    {
        long silent = _policy.SilentUntil;
        CountOut(now);
        foreach (LeasedEvidence evidence in call.Evidence)
        {
            foreach (HostEvidence end in evidence.Split())
            {
                _policy.EndLeased(Math.Min(evidence.BegunAt, now), end, evidence.IsCanary, now);
                _state = _state with { Done = _state.Done + (evidence.IsCanary ? 0 : 1) };
            }
        }

        _policy.ReturnStarts(Math.Clamp(call.StartsDropped, 0, Limits.StartsMax));
        if (_policy.SilentUntil > silent && _policy.SilentUntil > now)
        {
            _state = _state with { Version = _state.Version + 1 };
        }
    }

    /// <summary>Tells the policy what is out.</summary>
    private void CountOut(long now)
    {
        int units = 0;
        long starts = 0;
        foreach (HostLease lease in _leases.Values)
        {
            units += lease.Units;
            starts += lease.StartsUntil > now ? lease.Starts : 0;
        }

        _policy.SetRunning(units);
        _policy.TokensOut = starts;
    }

    private PermitAnswer Look(long now, out int most, out long readyAt)
    {
        CountOut(now);
        int running = _leases.Values.Sum(l => l.Running + (l.OnCanary ? 1 : 0));
        PermitAnswer open = _policy.LookLeasable(now, running, out most);
        readyAt = open == PermitAnswer.NotYet ? _policy.ReadyAt : now;
        long closed = Math.Max(_state.BrakedUntil, _state.NoStartsBefore);
        if (closed > now && open != PermitAnswer.GivenUp)
        {
            readyAt = Math.Max(readyAt, closed);
            return PermitAnswer.NotYet;
        }

        return open;
    }

    /// <summary>
    /// Those who ask share alike. More than it holds gets a silo only of what nobody may believe to be his, less what others lack
    /// of their share; who holds more than his share while others lack theirs is asked for the rest.
    /// </summary>
    private int UnitsFor(HostLease lease, int held, int most, PermitAnswer open, long now)
    {
        int others = 0, askers = 1;
        foreach (HostLease other in _leases.Values)
        {
            others += other.Silo == lease.Silo ? 0 : other.Units;
            askers += other.Silo != lease.Silo && other.Wanted > 0 ? 1 : 0;
        }

        int share = Math.Max(1, most / askers);
        int lacking = _leases.Values.Where(l => l.Silo != lease.Silo).Sum(l => Math.Max(0, Math.Min(l.Wanted, share) - l.Units));
        int free = Math.Max(0, most - others);
        int target = Math.Min(lease.Wanted, Math.Max(Math.Min(share, free), free - lacking));
        if (target <= held)
        {
            return Math.Min(held, Math.Min(lease.Wanted, Math.Max(target, share)));
        }

        int more = open != PermitAnswer.Granted ? 0 : now >= _state.NoUnitsBefore ? target - held : Math.Min(target - held, _returned);
        _returned -= Math.Min(more, _returned);
        return held + more;
    }

    /// <summary>Silos that want more ask as often, all together, as if there were one for each unit: sixty that wait for eight would be busy with asking.</summary>
    private TimeSpan TurnTime(int most)
    {
        int askers = _leases.Values.Count(l => l.Wanted > l.Units);
        TimeSpan turn = Limits.AskAgain * Math.Max(1, askers / (double)Math.Max(1, most));
        return turn < Limits.AskAgainMax ? turn : Limits.AskAgainMax;
    }

    private (HostGrant Grant, HostLease Lease) AddStarts(HostCall call, HostGrant grant, HostLease lease, long now)
    {
        bool canary = _policy.IsHalfOpen || _policy.State.Broken;
        bool forCanary = _policy.WantsCanary;
        if (grant.Units == 0 || (canary && grant.Units <= call.Running) || (forCanary && !call.HasCanary))
        {
            return (grant with { Answer = PermitAnswer.Saturated }, lease);
        }

        int askers = Math.Max(1, _leases.Values.Count(l => l.Wanted > 0));
        int share = double.IsPositiveInfinity(_policy.Rate) ? Limits.StartsMax : Math.Max(1, (int)(_policy.Rate * Limits.StartsHorizon.TotalSeconds / askers));
        int wanted = Math.Clamp(Math.Min(call.StartsWanted, share - call.StartsHeld), 0, Limits.StartsMax);
        if (wanted == 0)
        {
            return (grant, lease);
        }

        PermitAnswer answer = _policy.LeaseStarts(now, wanted, Limits.StartsHorizon, out LeasedStarts starts);
        grant = grant with
        {
            Answer = answer,
            AskAgainIn = answer == PermitAnswer.NotYet ? Until(_policy.ReadyAt, now) : Limits.AskAgain,
            Starts = starts.Count,
            StartsReady = starts.Ready,
            StartsPerSecond = starts.Rate,
            StartsFor = Limits.StartsHorizon + Limits.StartsPatience,
            ForCanary = starts.Count > 0 && forCanary,
        };
        return (grant, lease with { Starts = lease.Starts + starts.Count, OnCanary = canary && starts.Count > 0 });
    }

    private static TimeSpan Until(long time, long now) => time > now ? TimeSpan.FromTicks(time - now) : TimeSpan.Zero;
}
