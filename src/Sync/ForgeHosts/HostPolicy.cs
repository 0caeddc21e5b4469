using System.Diagnostics;

namespace Actors.Sync.ForgeHosts;

/// <summary>
/// One forge host's patience, as a state machine over a clock that it is told: how many syncs at once, how many a second,
/// silent until when, given up or not. Holds no timer and no lock. Times are UTC ticks.
/// <list type="number">
/// <item>Concurrency and rate: at most <see cref="Allowed"/> permits out; a token bucket that holds a tenth of a second.</item>
/// <item>Throttled: silent as long as the host asks, else growing from <see cref="SilenceFirst"/>; concurrency halved; both
/// recover with clean answers. Answers to what began before the throttling only lengthen the silence.</item>
/// <item>Unreachable <see cref="UnreachableRowMax"/> times in a row: silent, then one canary at a time; after
/// <see cref="CanariesMax"/> failed canaries the host is given up for <see cref="GivenUpFor"/>.</item>
/// </list>
/// </summary>
internal sealed partial class HostPolicy
{
    /// <summary>Known repositories refused in a row that count as throttling: one may have become private, three at once hardly.</summary>
    public const int RefusedRowMax = 3;

    /// <summary>Connections that failed in a row, from when on a host counts as down: more than one dead address of several.</summary>
    public const int UnreachableRowMax = 5;

    /// <summary>Failed canaries after which a host is given up: 5 + 10 + 20 seconds, longer than a restart of a web server.</summary>
    public const int CanariesMax = 3;

    /// <summary>Clean answers, for each permit allowed, that raise the concurrency by one: 224 answers from one to eight.</summary>
    public const int AnswersPerRise = 8;

    /// <summary>Clean answers after which the next throttling counts as the first again.</summary>
    public const int AnswersToForget = 100;

    /// <summary>Silence after the first throttling without Retry-After; doubles each time, up to <see cref="SilenceStepMax"/> times.</summary>
    public static readonly TimeSpan SilenceFirst = TimeSpan.FromSeconds(10);

    /// <summary>Ten seconds doubled six times is eleven minutes: forges' windows are a minute to an hour.</summary>
    public const int SilenceStepMax = 7;

    public static readonly TimeSpan CanaryFirst = TimeSpan.FromSeconds(5);

    /// <summary>How long a given-up host is not asked at all.</summary>
    public static readonly TimeSpan GivenUpFor = TimeSpan.FromMinutes(15);

    private readonly HostLimits _limits;
    private readonly Random _random;
    private readonly double _bucket;
    private double _tokens;
    private long _tokensAt;
    private long _throttledAt;
    private int _silenceStep;
    private int _answers;
    private int _answersSinceThrottled;
    private int _refusedRow;
    private int _unreachableRow;
    private int _canariesFailed;
    private long _canaryAt;
    private bool _broken;

    public HostPolicy(HostLimits limits, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Concurrency, 1);
        if (!(limits.RequestsPerSecond > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(limits), limits.RequestsPerSecond, "A rate is above zero.");
        }

        (_limits, _random) = (limits, random);
        Allowed = limits.Concurrency;
        _bucket = Math.Max(1, limits.RequestsPerSecond / 10);
        _tokens = _bucket;
    }

    /// <summary>Permits out.</summary>
    public int Running { get; private set; }

    /// <summary>Permits that may be out now.</summary>
    public int Allowed { get; private set; }

    /// <summary>Nothing is begun before; 0 or past: not silent.</summary>
    public long SilentUntil { get; private set; }

    /// <summary>After <see cref="PermitAnswer.NotYet"/>: when to ask again.</summary>
    public long ReadyAt { get; private set; }

    /// <summary>Answers that asked for patience.</summary>
    public long ThrottledCount { get; private set; }

    /// <summary>Counts changes of what <see cref="ToText"/> and <see cref="SilentUntil"/> tell: something to save.</summary>
    public int Version { get; private set; }

    /// <summary>Nothing to remember: as a new one would be.</summary>
    public bool IsPristine(long now) =>
        Running == 0 && Allowed == _limits.Concurrency && SilentUntil <= now && _silenceStep == 0 && !_broken
        && _unreachableRow == 0 && _refusedRow == 0 && (double.IsPositiveInfinity(_limits.RequestsPerSecond) || TokensAt(now) >= _bucket);

    /// <summary>Asks for a permit.</summary>
    public PermitAnswer TryBegin(long now)
    {
        if (now < SilentUntil)
        {
            return NotBefore(SilentUntil);
        }

        if (_broken)
        {
            if (now < _canaryAt)
            {
                return _canariesFailed >= CanariesMax ? PermitAnswer.GivenUp : NotBefore(_canaryAt);
            }

            if (Running > 0)
            {
                return PermitAnswer.Saturated;
            }
        }

        if (Running >= Allowed)
        {
            return PermitAnswer.Saturated;
        }

        if (!double.IsPositiveInfinity(_limits.RequestsPerSecond))
        {
            _tokens = TokensAt(now);
            _tokensAt = now;
            if (_tokens < 1)
            {
                double seconds = (1 - _tokens) / _limits.RequestsPerSecond;
                return NotBefore(now + Math.Max(1, (long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond)));
            }

            _tokens--;
        }

        Running++;
        return PermitAnswer.Granted;
    }

    /// <summary>Gives a permit back, with what the sync's end says about the host.</summary>
    /// <param name="begunAt">When <see cref="TryBegin"/> granted it.</param>
    /// <param name="evidence">What the end says.</param>
    /// <param name="now">The time.</param>
    public void End(long begunAt, HostEvidence evidence, long now)
    {
        Debug.Assert(Running > 0, "A permit is given back once.");
        Running--;
        switch (evidence.Kind)
        {
            case HostEvidenceKind.Answered:
                Answered();
                break;
            case HostEvidenceKind.Throttled:
                Reached();
                Throttled(begunAt, evidence.RetryAfter, now);
                break;
            case HostEvidenceKind.RefusedKnown:
                Reached();
                if (++_refusedRow >= RefusedRowMax)
                {
                    _refusedRow = 0;
                    Throttled(begunAt, null, now);
                }

                break;
            case HostEvidenceKind.Unreachable:
                Unreachable(begunAt, now);
                break;
            default:
                break;
        }
    }

    private double TokensAt(long now)
    {
        // A clock that was set back earns nothing until it has caught up.
        double seconds = Math.Max(0, now - _tokensAt) / (double)TimeSpan.TicksPerSecond;
        return Math.Min(_bucket, _tokens + (seconds * _limits.RequestsPerSecond));
    }

    private PermitAnswer NotBefore(long time)
    {
        ReadyAt = time;
        return PermitAnswer.NotYet;
    }

    private void Answered()
    {
        Reached();
        _refusedRow = 0;
        if (_silenceStep > 0 && ++_answersSinceThrottled >= AnswersToForget)
        {
            _silenceStep = 0;
            Version++;
        }

        if (Allowed < _limits.Concurrency && ++_answers >= AnswersPerRise * Allowed)
        {
            _answers = 0;
            Allowed++;
            Version++;
        }
    }

    private void Reached()
    {
        _unreachableRow = 0;
        if (_broken)
        {
            (_broken, _canariesFailed, _canaryAt) = (false, 0, 0);
            Version++;
        }
    }

    private void Throttled(long begunAt, TimeSpan? retryAfter, long now)
    {
        ThrottledCount++;
        bool sameWave = begunAt <= _throttledAt;
        if (!sameWave)
        {
            _throttledAt = now;
            _silenceStep = Math.Min(_silenceStep + 1, SilenceStepMax);
            Allowed = Math.Max(1, Allowed / 2);
            (_answers, _answersSinceThrottled) = (0, 0);
        }
        else if (retryAfter is null)
        {
            return;
        }

        TimeSpan silence = retryAfter is { } asked
            ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, Limits.SilenceMin.Ticks, Limits.SilenceMax.Ticks))
            : SilenceFirst * (1 << (_silenceStep - 1)) * (1 + (_random.NextDouble() / 4));
        SilentUntil = Math.Max(SilentUntil, now + silence.Ticks);
        Version++;
    }

    private void Unreachable(long begunAt, long now)
    {
        if (++_unreachableRow < UnreachableRowMax && !_broken)
        {
            return;
        }

        if (_broken && begunAt < _canaryAt)
        {
            // Began before the host counted as down: nothing new.
            return;
        }

        _canariesFailed = _broken ? Math.Min(_canariesFailed + 1, CanariesMax) : 0;
        _broken = true;
        _canaryAt = now + (_canariesFailed >= CanariesMax ? GivenUpFor : CanaryFirst * (1 << _canariesFailed)).Ticks;
        Version++;
    }
}
