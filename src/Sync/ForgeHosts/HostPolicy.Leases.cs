namespace Actors.Sync.ForgeHosts;

/// <summary>
/// The policy of a host whose syncs run in many processes: what is out is counted by <see cref="HostBudget"/>, in leases, and
/// ends come in batches. Starts are paid in advance, for a moment ahead, and begun when their time has come.
/// </summary>
public sealed partial class HostPolicy
{
    /// <summary>Its starts are leased: paid for ahead, so nothing is saved up for a late timer.</summary>
    internal bool IsLeased { get; init; }

    /// <summary>Starts that were leased and may still be begun: what a host says is left does not know of them.</summary>
    internal long TokensOut { get; set; }

    /// <summary>Counts all concurrency that is leased as running.</summary>
    internal void SetRunning(int leased) => _state.Running = leased;

    /// <summary>Whether starts may be leased now (as <see cref="TryBegin"/> would answer), and how many syncs may run at once whatever the answer.</summary>
    internal PermitAnswer LookLeasable(long now, int running, out int most) => LookOpen(now, running, out most);

    /// <summary>Leases starts, as many as come due within the horizon; while a host is tried, one that is due, for whenever the silo comes to it.</summary>
    internal PermitAnswer LeaseStarts(long now, int wanted, TimeSpan horizon, out LeasedStarts starts)
    {
        starts = default;
        if (now < _state.WindowEndsAt && _state.WindowLeft <= 0)
        {
            return NotBefore(_state.WindowEndsAt);
        }

        AdvanceRate(now);
        bool tried = IsHalfOpen || _state.Broken;
        int count = tried ? Math.Min(1, wanted) : wanted;
        count = now < _state.WindowEndsAt ? (int)Math.Min(count, _state.WindowLeft) : count;
        if (double.IsPositiveInfinity(_state.Rate))
        {
            starts = new LeasedStarts(count, 0, 0);
        }
        else
        {
            TakeTokens(now);
            double due = _state.Tokens + (tried ? 0 : _state.Rate * horizon.TotalSeconds);
            if (due < 1)
            {
                return NotBefore(now + Math.Max(1, (long)Math.Ceiling((1 - due) / _state.Rate * TimeSpan.TicksPerSecond)));
            }

            starts = new LeasedStarts((int)Math.Min(count, due), _state.Tokens, tried ? 0 : _state.Rate);
            _state.Tokens -= starts.Count;
        }

        _state.CanaryBegunAt = IsHalfOpen && starts.Count > 0 ? now : 0;
        _state.WindowLeft -= starts.Count;
        return PermitAnswer.Granted;
    }

    /// <summary>Starts that were leased and will not be begun. Their turns are over, or others' come next: no rate is earned back.</summary>
    internal void ReturnStarts(long count) => _state.WindowLeft += count;

    /// <summary>A leased sync's end; the lease counts for itself what is out.</summary>
    internal void EndLeased(long begunAt, HostEvidence evidence, bool canary, long now)
    {
        CountPace(now, 1);
        if (canary)
        {
            LearnCanary(begunAt, evidence, now);
        }
        else
        {
            Learn(begunAt, evidence, now);
        }
    }

    /// <summary>An operator's brake, or an owner that does not know what was leased before it: nothing new is earned meanwhile.</summary>
    internal void EarnNothingBefore(long time)
    {
        _state.TokensAt = Math.Max(_state.TokensAt, time);
        _state.RateAt = Math.Max(_state.RateAt, time);
        _state.Tokens = Math.Min(_state.Tokens, 1);
    }
}
