using System.Diagnostics;
using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>What ends of syncs teach.</summary>
public sealed partial class HostPolicy
{
    /// <summary>Clean answers, for each permit allowed, that raise the concurrency by one beyond what was borne before.</summary>
    public const int AnswersPerRise = 8;

    /// <summary>Up to here the number at once doubles: what is under way when trouble comes is refused, and ten refusals are a ban.</summary>
    public const int DoubledMax = 4;

    /// <summary>From here on the number at once rises four times more slowly while no trouble has ever come.</summary>
    public const int UntriedMax = 8;

    /// <summary>Clean answers after which the next throttling counts as the first again.</summary>
    public const int AnswersToForget = 100;

    /// <summary>Ten seconds doubled eight times is three quarters of an hour: forges' windows are a minute to an hour.</summary>
    public const int SilenceStepMax = 9;

    /// <summary>Longer silences come only from hosts that ask for them.</summary>
    public static readonly TimeSpan GrownSilenceMax = TimeSpan.FromHours(1);

    /// <summary>Gives a permit back, with what the sync's end says about the host.</summary>
    /// <param name="begunAt">When <see cref="TryBegin"/> granted it.</param>
    /// <param name="evidence">What the end says.</param>
    /// <param name="now">The time.</param>
    public void End(long begunAt, HostEvidence evidence, long now)
    {
        Debug.Assert(_state.Running > 0, "A permit is given back once.");
        _state.Running--;
        Learn(begunAt, evidence, now);
    }

    private void Learn(long begunAt, HostEvidence evidence, long now)
    {
        bool canary = IsHalfOpen && begunAt == _state.CanaryBegunAt;
        _state.CanaryBegunAt = canary ? 0 : _state.CanaryBegunAt;
        Charge(evidence, now);
        switch (evidence.Kind)
        {
            case HostEvidenceKind.Answered:
                Answered(begunAt, evidence, now);
                break;
            case HostEvidenceKind.Throttled:
                Reached();
                Throttled(begunAt, evidence.RetryAfter, now);
                break;
            case HostEvidenceKind.RefusedKnown:
            case HostEvidenceKind.RefusedUnknown:
                Refused(begunAt, evidence.Kind, canary, now);
                break;
            case HostEvidenceKind.Unreachable:
                Unreachable(begunAt, now);
                break;
            default:
                break;
        }
    }

    /// <summary>A sync's further requests are paid after the fact; what the host says is left counts from now.</summary>
    private void Charge(HostEvidence evidence, long now)
    {
        if (evidence.Requests > 1)
        {
            _state.Tokens -= evidence.Requests - 1;
            _state.WindowLeft -= evidence.Requests - 1;
            CountPace(now, evidence.Requests - 1);
        }

        if (evidence.RateLimit is { } said)
        {
            Observe(said, now);
        }
    }

    /// <summary>Answers overtake each other: within one window the least that was said counts, less what is under way.</summary>
    private void Observe(RateLimit said, long now)
    {
        long end = now + Math.Min((said.Reset ?? TimeSpan.FromMinutes(1)).Ticks, Limits.SilenceMax.Ticks);
        long left = said.Remaining - _state.Running - TokensOut;
        bool same = now < _state.WindowEndsAt && Math.Abs(end - _state.WindowEndsAt) < 2 * TimeSpan.TicksPerSecond;
        (_state.WindowLeft, _state.WindowEndsAt) = same ? (Math.Min(_state.WindowLeft, left), Math.Max(end, _state.WindowEndsAt)) : (left, end);
    }

    private void Answered(long begunAt, HostEvidence evidence, long now)
    {
        Reached();
        (_state.RefusedRow, _state.DoubtRow) = (0, Math.Min(0, _state.DoubtRow));
        _state.Measured += evidence.Requests;
        if (begunAt >= _state.SilentUntil && _state.HalfOpen)
        {
            Reopen();
        }

        if (_state.SilenceStep > 0 && ++_state.AnswersSinceThrottled >= AnswersToForget)
        {
            _state.SilenceStep = 0;
            _state.Version++;
        }

        if (evidence.LatencyMs is { } latency)
        {
            Time(latency, now);
        }

        if (!IsSlow)
        {
            RaiseConcurrency();
        }
    }

    /// <summary>Doubling until the first trouble and back to where it came, then one by one.</summary>
    private void RaiseConcurrency()
    {
        int answers = _state.Allowed < Math.Min(_state.AllowedGoal, _state.ThrottledAt == 0 ? DoubledMax : int.MaxValue) ? _state.Allowed : AnswersPerRise * _state.Allowed * (_state is { ThrottledAt: 0, Allowed: >= UntriedMax } ? 4 : 1);
        if (_state.Allowed < _rules.Concurrency && ++_state.Answers >= answers)
        {
            _state.Answers = 0;
            _state.Allowed = _state is { ThrottledAt: 0, Goal: 0, Allowed: < DoubledMax } ? Math.Min(2 * _state.Allowed, _rules.Concurrency) : _state.Allowed + 1;
        }
    }

    /// <summary>Slow answers are a forge's first sign of trouble: no more is asked of it, and where they are very slow less.</summary>
    private void Time(double latency, long now)
    {
        latency = Math.Max(1, latency);
        _state.LatencyMs += (_state.LatencyMs == 0 ? latency : latency - _state.LatencyMs) / (_state.LatencyMs == 0 ? 1 : 8);
        // The floor creeps up: a host that has become slower for good is quick again after some thousand answers.
        _state.LatencyFloorMs = _state.LatencyFloorMs == 0 ? latency : Math.Min(latency, _state.LatencyFloorMs * 1.001);
        if (_state.LatencyMs > (4 * _state.LatencyFloorMs) + 500 && now >= _state.SlowedUntil)
        {
            _state.Allowed = Math.Max(1, _state.Allowed * 3 / 4);
            _state.AllowedGoal = _state.Allowed;
            _state.Answers = 0;
            _state.SlowedUntil = now + (5 * TimeSpan.TicksPerSecond);
        }
    }

    private void Refused(long begunAt, HostEvidenceKind kind, bool canary, long now)
    {
        Reached();
        bool known = kind == HostEvidenceKind.RefusedKnown;
        _state.DoubtRow++;
        if ((known && ++_state.RefusedRow >= RefusedRowMax) || (canary && _state.DoubtRow > DoubtRowMax))
        {
            (_state.RefusedRow, _state.DoubtRow) = (0, 0);
            Throttled(begunAt, _rules.BanSilence > TimeSpan.Zero ? _rules.BanSilence : null, now);
        }
    }

    /// <summary>The canary repository was asked: with an answer, the refusals before it are believed.</summary>
    public void EndCanary(long begunAt, HostEvidence evidence, long now)
    {
        Debug.Assert(_state.Running > 0, "A permit is given back once.");
        _state.Running--;
        LearnCanary(begunAt, evidence, now);
    }

    private void LearnCanary(long begunAt, HostEvidence evidence, long now)
    {
        if (evidence.Kind == HostEvidenceKind.Answered)
        {
            Learn(begunAt, evidence, now);
            _state.DoubtRow = -BelievedRow;
            return;
        }

        // Refused or gone: it is not the repositories.
        bool refused = evidence.Kind is HostEvidenceKind.RefusedKnown or HostEvidenceKind.RefusedUnknown;
        Learn(begunAt, refused ? evidence with { Kind = HostEvidenceKind.Throttled, RetryAfter = _rules.BanSilence > TimeSpan.Zero ? _rules.BanSilence : null } : evidence, now);
        _state.DoubtRow = refused ? 0 : _state.DoubtRow;
    }

    private void Reached()
    {
        _state.UnreachableRow = 0;
        if (_state.Broken)
        {
            (_state.Broken, _state.CanariesFailed, _state.CanaryAt) = (false, 0, 0);
            _state.Version++;
        }
    }

    private void Reopen()
    {
        (_state.HalfOpen, _state.CanaryBegunAt) = (false, 0);
        _state.DoubtRow = Math.Min(_state.DoubtRow, DoubtRowMax - 1);
    }

    private void Throttled(long begunAt, TimeSpan? retryAfter, long now)
    {
        _state.ThrottledCount++;
        bool sameWave = begunAt <= _state.ThrottledAt;
        bool prolonged = _state.HalfOpen && !sameWave;
        if (!sameWave)
        {
            _state.ThrottledAt = now;
            _state.SilenceStep = Math.Min(_state.SilenceStep + 1, SilenceStepMax);
            (_state.Answers, _state.AnswersSinceThrottled, _state.WaveRow) = (0, 0, 1);
            if (!prolonged)
            {
                LowerConcurrency(now);
                LowerRate(now);
            }
        }
        else
        {
            LowerFurther();
            if (retryAfter is null)
            {
                return;
            }
        }

        TimeSpan growing = _rules.Silence * (1 << Math.Max(0, _state.SilenceStep - 1)) * (1 + (_random.NextDouble() / 4));
        growing = growing < GrownSilenceMax ? growing : GrownSilenceMax;
        TimeSpan asked = retryAfter ?? growing;

        // A host that still refuses after the silence that it asked for counts each request against us.
        TimeSpan silence = prolonged && growing > asked ? growing : asked;
        long ticks = Math.Clamp(silence.Ticks, Limits.SilenceMin.Ticks, Limits.SilenceMax.Ticks);
        _state.SilentUntil = Math.Max(_state.SilentUntil, now + ticks);
        (_state.HalfOpen, _state.CanaryBegunAt) = (true, 0);
        (_state.RateAt, _state.TokensAt) = (_state.SilentUntil, _state.SilentUntil);
        _state.Tokens = Math.Min(_state.Tokens, 1);
        _state.Version++;
    }

    /// <summary>Where the rate was already one that the host bears, it is the number at once that it does not.</summary>
    private void LowerConcurrency(long now)
    {
        int before = _state.Allowed;
        _state.Allowed = Math.Max(1, before / 2);
        _state.AllowedGoal = _state.Goal > 0 && PaceAt(now) < 0.7 * _state.Goal ? Math.Max(1, before - 1) : before;
    }

    private void Unreachable(long begunAt, long now)
    {
        if (++_state.UnreachableRow < UnreachableRowMax && !_state.Broken)
        {
            return;
        }

        if (_state.Broken && begunAt < _state.CanaryAt)
        {
            // Began before the host counted as down: nothing new.
            return;
        }

        _state.CanariesFailed = _state.Broken ? Math.Min(_state.CanariesFailed + 1, CanariesMax) : 0;
        _state.Broken = true;
        _state.CanaryAt = now + (_state.CanariesFailed >= CanariesMax ? GivenUpFor : CanaryFirst * (1 << _state.CanariesFailed)).Ticks;
        _state.Version++;
    }
}
