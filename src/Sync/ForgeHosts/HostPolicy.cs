namespace Actors.Sync.ForgeHosts;

/// <summary>
/// One forge host's patience, as a state machine over a clock that it is told: how many syncs at once, how many requests a
/// second, silent until when, given up or not. Holds no timer, no lock and does no I/O; its whole state is a value
/// (<see cref="State"/>). Times are UTC ticks.
/// <list type="number">
/// <item>Concurrency and rate begin low and rise while answers are clean and quick: doubling until the first trouble, after
/// that slowly (<c>HostPolicy.Pace.cs</c>).</item>
/// <item>Throttled: silent as long as the host asks, else growing; then one canary; concurrency and rate begin again at half.
/// Between two throttlings the host let through what it bears: that rate is held just below, and tried again ever more rarely.</item>
/// <item>Many refusals and no answer: the host's canary repository tells whether it is them or us.</item>
/// <item>Unreachable <see cref="UnreachableRowMax"/> times in a row: silent, then one canary at a time; after
/// <see cref="CanariesMax"/> failed canaries the host is given up for <see cref="GivenUpFor"/>.</item>
/// </list>
/// </summary>
public sealed partial class HostPolicy
{
    /// <summary>Known repositories refused in a row that count as throttling: one may have become private, three at once hardly.</summary>
    public const int RefusedRowMax = 3;

    /// <summary>Refusals in a row, without an answer between, from when on the canary is asked: lists of old URLs have runs of dead ones.</summary>
    public const int DoubtRowMax = 20;

    /// <summary>Refusals that are believed after the canary was answered: one request in two hundred is no burden.</summary>
    public const int BelievedRow = 200;

    /// <summary>Connections that failed in a row, from when on a host counts as down: more than one dead address of several.</summary>
    public const int UnreachableRowMax = 5;

    /// <summary>Failed canaries after which a host is given up: 5 + 10 + 20 seconds, longer than a restart of a web server.</summary>
    public const int CanariesMax = 3;

    public static readonly TimeSpan CanaryFirst = TimeSpan.FromSeconds(5);

    /// <summary>A canary out for longer is being served: a refusal comes at once.</summary>
    public static readonly TimeSpan CanaryPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a given-up host is not asked at all.</summary>
    public static readonly TimeSpan GivenUpFor = TimeSpan.FromMinutes(15);

    private readonly HostRules _rules;
    private readonly Random _random;
    private HostPolicyState _state;

    /// <param name="rules">Ceilings, and how it begins.</param>
    /// <param name="random">Spreads silences by a quarter.</param>
    /// <param name="state">Where to go on; null: nothing is known yet.</param>
    public HostPolicy(HostRules rules, Random random, HostPolicyState? state = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        (_rules, _random) = (rules, random);
        _state = state ?? First();
    }

    /// <summary>All that is known.</summary>
    public HostPolicyState State => _state;

    /// <summary>Permits out.</summary>
    public int Running => _state.Running;

    /// <summary>Permits that may be out now.</summary>
    public int Allowed => _state.Allowed;

    /// <summary>Nothing is begun before; 0 or past: not silent.</summary>
    public long SilentUntil => _state.SilentUntil;

    /// <summary>Answers that asked for patience.</summary>
    public long ThrottledCount => _state.ThrottledCount;

    /// <summary>Counts changes of what <see cref="ToText"/> and <see cref="SilentUntil"/> tell: something to save.</summary>
    public int Version => _state.Version;

    /// <summary>After <see cref="PermitAnswer.NotYet"/>: when to ask again.</summary>
    public long ReadyAt { get; private set; }

    /// <summary>Whether somebody knows a repository of the host that is there: without one, refusals are believed.</summary>
    public bool HasCanary { get; set; }

    /// <summary>The next permit is for the canary repository, and for nothing else.</summary>
    public bool WantsCanary => HasCanary && _state.DoubtRow >= DoubtRowMax;

    /// <summary>One request at a time, until one is answered.</summary>
    public bool IsHalfOpen => _state.HalfOpen || WantsCanary;

    /// <summary>Nothing to remember: as a new one would be.</summary>
    public bool IsPristine(long now) =>
        _state is { Running: 0, Goal: 0, SilenceStep: 0, Broken: false, UnreachableRow: 0, RefusedRow: 0, DoubtRow: <= 0 }
        && _state.SilentUntil <= now && (double.IsPositiveInfinity(_state.Rate) || TokensAt(now) >= Bucket);

    /// <summary>Asks for a permit.</summary>
    public PermitAnswer TryBegin(long now)
    {
        PermitAnswer open = LookOpen(now, _state.Running, out int most);
        return open != PermitAnswer.Granted ? open : _state.Running >= most ? PermitAnswer.Saturated : TryTakeToken(now);
    }

    /// <summary>Whether anything may be begun at all while so many run, and how many may be out then.</summary>
    private PermitAnswer LookOpen(long now, int running, out int most)
    {
        most = Math.Min(_state.Allowed, _rules.ConcurrencyAt(now, out long quietUntil));
        if (now < _state.SilentUntil)
        {
            return NotBefore(_state.SilentUntil);
        }

        if (most == 0)
        {
            return NotBefore(quietUntil);
        }

        if (_state.Broken)
        {
            if (now < _state.CanaryAt)
            {
                return _state.CanariesFailed >= CanariesMax ? PermitAnswer.GivenUp : NotBefore(_state.CanaryAt);
            }

            if (running > 0)
            {
                return PermitAnswer.Saturated;
            }
        }

        if (IsHalfOpen && _state.CanaryBegunAt > 0)
        {
            long until = _state.CanaryBegunAt + CanaryPatience.Ticks;
            if (now < until)
            {
                return NotBefore(until);
            }

            Reopen();
        }

        return PermitAnswer.Granted;
    }

    private PermitAnswer TryTakeToken(long now)
    {
        if (now < _state.WindowEndsAt && _state.WindowLeft <= 0)
        {
            return NotBefore(_state.WindowEndsAt);
        }

        AdvanceRate(now);
        if (!double.IsPositiveInfinity(_state.Rate))
        {
            TakeTokens(now);
            if (_state.Tokens < 1)
            {
                double seconds = (1 - _state.Tokens) / _state.Rate;
                return NotBefore(now + Math.Max(1, (long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond)));
            }

            _state.Tokens--;
        }

        _state.CanaryBegunAt = IsHalfOpen ? now : 0;
        _state.WindowLeft--;
        _state.Running++;
        CountPace(now, 1);
        return PermitAnswer.Granted;
    }

    private PermitAnswer NotBefore(long time)
    {
        ReadyAt = time;
        return PermitAnswer.NotYet;
    }

    private HostPolicyState First()
    {
        double rate = Math.Min(_rules.FirstRequestsPerSecond ?? double.PositiveInfinity, _rules.RequestsPerSecond);
        int allowed = Math.Clamp(_rules.FirstConcurrency ?? _rules.Concurrency, 1, _rules.Concurrency);
        return new HostPolicyState { Allowed = allowed, AllowedGoal = _rules.Concurrency, Rate = rate, Tokens = Math.Max(1, rate / 10) };
    }
}
