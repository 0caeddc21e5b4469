namespace Actors.Sync.ForgeHosts;

/// <summary>
/// How many requests a second. A forge's limit is mostly a bucket that empties: a refusal tells the moment when it is empty.
/// What was answered between two such moments, by the time between them, is what the host bears, exactly, whatever the size of its bucket.
/// </summary>
public sealed partial class HostPolicy
{
    /// <summary>Held below what was measured: the measure counts whole answers, and clocks differ.</summary>
    private const double GoalShare = 0.98;

    /// <summary>After the first throttling nothing is measured yet: a little below what was just sent.</summary>
    private const double FirstGoalShare = 0.85;

    /// <summary>From half to the whole goal, and later above it by a hundredth each second.</summary>
    private const double RecoverySeconds = 3;

    private const double RisePerSecond = 0.01;

    private const double UrgencyMax = 10;

    /// <summary>Once a minute: what asks for less than that says so by Retry-After.</summary>
    private const double RateMin = 1.0 / 60;

    private const double PaceSeconds = 2;

    /// <summary>Answers that make a rate where there was none to hold to.</summary>
    private const int MeasuredMin = 10;

    private static readonly long HoldFirst = TimeSpan.FromSeconds(5).Ticks;

    private static readonly long HoldMeasured = TimeSpan.FromSeconds(20).Ticks;

    /// <summary>Requests for one refusal, at least: a slow host is tried more seldom.</summary>
    private const double HoldRequests = 150;

    /// <summary>A limit that was found again and again is tried every ten minutes.</summary>
    private static readonly long HoldMax = TimeSpan.FromMinutes(10).Ticks;

    /// <summary>A tenth of a second's requests at once; where the limit is known, only what a late timer owes.</summary>
    private double Bucket => IsLeased ? 1 : _state.Goal > 0 ? 1 + (_state.Rate / 20) : Math.Max(1, _state.Rate / 10);

    /// <summary>Requests a second that may be begun now.</summary>
    public double Rate => _state.Rate;

    private bool IsSlow => _state.LatencyMs > Math.Max(2 * _state.LatencyFloorMs, _state.LatencyFloorMs + 100);

    /// <summary>Brings the rate to <paramref name="now"/>: it doubles, recovers, is held, or tries a little more.</summary>
    private void AdvanceRate(long now)
    {
        double seconds = (now - _state.RateAt) / (double)TimeSpan.TicksPerSecond;
        if (double.IsPositiveInfinity(_state.Rate) || seconds <= 0)
        {
            return;
        }

        bool first = _state.RateAt == 0;
        _state.RateAt = now;
        if (first || IsSlow || _state.HalfOpen)
        {
            return;
        }

        TakeTokens(now);
        double used = PaceAt(now);
        _state.Rate = Math.Min(_rules.RequestsPerSecond, _state.Goal == 0 ? Doubled(seconds, used) : Risen(now, seconds, used));
    }

    private double Doubled(double seconds, double used) =>
        Math.Max(_state.Rate, Math.Min(_state.Rate * Math.Pow(2, Math.Min(seconds, 1)), (3 * used) + 1));

    private double Risen(long now, double seconds, double used)
    {
        if (_state.Rate < _state.Goal)
        {
            double rate = _state.Rate + (_state.Goal / 2 * seconds / RecoverySeconds);
            if (rate >= _state.Goal)
            {
                rate = _state.Goal;
                _state.HoldUntil = now + _state.HoldTicks;
            }

            return rate;
        }

        // What is not used is not tried either.
        if (now < _state.HoldUntil || _state.Rate > (1.2 * used) + 1)
        {
            return _state.Rate;
        }

        // The longer no refusal comes, the older is the story of the last one.
        double urgency = _state.Ceiling == 0 ? 4 : Math.Min(UrgencyMax, 1 + ((now - _state.HoldUntil) / (30.0 * TimeSpan.TicksPerSecond)));
        return _state.Rate + (_state.Goal * RisePerSecond * urgency * Math.Min(seconds, 1));
    }

    /// <summary>After a throttling: what to hold from now on, begun at half.</summary>
    private void LowerRate(long now)
    {
        double used = PaceAt(now);
        double before = double.IsPositiveInfinity(_state.Rate) ? used : Math.Min(_state.Rate, Math.Max(2.2 * used, _state.Goal));
        double seconds = (now - Math.Max(_state.MeasuredFrom, _state.SilentUntil)) / (double)TimeSpan.TicksPerSecond;
        bool measured = _state.MeasuredFrom > 0 && seconds > 0;
        if (before > 0 && (double.IsPositiveInfinity(_state.Rate) ? _state.Measured >= MeasuredMin : measured || _state.Measured > 0))
        {
            double borneBefore = _state.Borne;

            // Where much was left unused, the measure is of our needs, not of the host's patience.
            bool needy = measured && _state.Unused <= 0.1 * _state.Measured;
            double goal = !measured ? FirstGoalShare * before : needy ? NextGoal(now, seconds, before) : 0.7 * before;
            bool again = needy && (Math.Abs(goal - _state.Goal) <= 0.05 * _state.Goal || goal == borneBefore);
            _state.Goal = Math.Min(Math.Max(goal, RateMin), _rules.RequestsPerSecond);
            long least = Math.Max(HoldMeasured, (long)Math.Min(HoldMax, HoldRequests / _state.Goal * TimeSpan.TicksPerSecond));
            _state.HoldTicks = again ? Math.Min(HoldMax, Math.Max(least, _state.HoldTicks * 2)) : needy ? least : HoldFirst;
            _state.Rate = _state.Goal / 2;
        }

        (_state.MeasuredBefore, _state.SecondsBefore) = (_state.Measured, seconds);
        (_state.MeasuredFrom, _state.Measured, _state.Unused) = (now, 0, 0);
    }

    /// <summary>The more of what was under way is refused, the further above the limit it was.</summary>
    private void LowerFurther()
    {
        if (++_state.WaveRow is 3 or 6 && _state.Goal > 0)
        {
            _state.Goal /= 2;
            _state.Rate = _state.Goal / 2;
        }
    }

    /// <summary>
    /// Between the goals that were borne and those that were not. One that was held is raised half way to where trouble came; one
    /// that was not is lowered to the last that was, or to what was measured.
    /// </summary>
    private double NextGoal(long now, double seconds, double before)
    {
        if (_state.Goal > 0 && _state.Rate > _state.Goal)
        {
            double most = _state.Ceiling > _state.Goal && before < 1.3 * _state.Ceiling ? Math.Min(_state.Ceiling, before) : before;
            (_state.Ceiling, _state.Borne) = (most, _state.Goal);
            return most - _state.Goal < 0.03 * _state.Goal ? _state.Goal : (_state.Goal + most) / 2;
        }

        _state.Ceiling = before;
        if (_state.Borne > 0 && _state.Borne < before)
        {
            double borneBefore = _state.Borne;
            _state.Borne = 0;
            return borneBefore;
        }

        // So soon after the silence means far too much; and on the way up to the goal nothing is settled yet.
        double borne = GoalShare * Borne(now, seconds);
        double goal = _state.Rate < _state.Goal ? Math.Sqrt(borne * before) : borne;
        return Math.Clamp(goal, before / (seconds < RecoverySeconds ? 4 : 2), GoalShare * before);
    }

    /// <summary>
    /// Requests a second that the host bears, from what it let through between two moments with an empty bucket. While we were
    /// silent the bucket filled, who knows how far: with the silence the measure is the least, without it the most that it
    /// can be. Two measures of different length tell both the rate and the bucket.
    /// </summary>
    private double Borne(long now, double seconds)
    {
        double most = _state.Measured / seconds;
        double least = _state.Measured / ((now - _state.MeasuredFrom) / (double)TimeSpan.TicksPerSecond);
        double longer = seconds - _state.SecondsBefore;
        double slope = (_state.Measured - _state.MeasuredBefore) / longer;
        bool differ = _state.MeasuredBefore > 0 && Math.Abs(longer) >= 0.3 * Math.Max(seconds, _state.SecondsBefore);
        return differ && slope >= least * 0.95 && slope <= most * 1.05 ? slope : Math.Max(Math.Sqrt(least * most), 0.7 * most);
    }

    /// <summary>Brings the tokens to <paramref name="now"/>; a clock that was set back earns nothing until it has caught up.</summary>
    private void TakeTokens(long now)
    {
        double earned = Earned(now);
        double tokens = _state.Tokens + earned;
        _state.Unused += Math.Max(0, tokens - Math.Max(Bucket, _state.Tokens));
        // A late timer is made up for; after a pause nothing is.
        _state.Tokens = tokens <= Bucket ? tokens : _state.Goal > 0 ? 1 : Bucket;
        _state.TokensAt = Math.Max(now, _state.TokensAt);
    }

    private double TokensAt(long now) => Math.Min(Bucket, _state.Tokens + Earned(now));

    private double Earned(long now) => _state.TokensAt == 0 ? 0 : Math.Max(0, now - _state.TokensAt) / (double)TimeSpan.TicksPerSecond * _state.Rate;

    private double PaceAt(long now) =>
        _state.Pace * Math.Exp(-Math.Max(0, now - _state.PaceAt) / (PaceSeconds * TimeSpan.TicksPerSecond));

    private void CountPace(long now, int requests)
    {
        _state.Pace = PaceAt(now) + (requests / PaceSeconds);
        _state.PaceAt = now;
    }
}
