using System.Text.Json;

namespace Actors.Sync.ForgeHosts;

/// <summary>
/// A forge host's patience, shared by many processes: leases of units (syncs at once) and of starts (requests in time), over
/// one <see cref="HostPolicy"/>. A state machine over a clock that it is told: no timer, no lock, no I/O; its state is a value.
/// <list type="number">
/// <item>Units out are never more than the policy allowed when they were given, whatever calls or answers are lost, late or
/// repeated: a silo counts with the most that it may believe, until it says what it believes, or its lease ends.</item>
/// <item>Starts are given a moment ahead and are void soon after, so a request for silence reaches everybody soon, even where
/// its news is lost. Each has its turn: no second sees more than the ceiling of the rules, as long as calls are answered quickly;
/// however they are lost or late, in any time t no more are begun than rate × (t + <see cref="Limits.StartsPatience"/>) and one.</item>
/// <item>A silo that says nothing for <see cref="Limits.LeaseTime"/> has its units taken back, once the owner has confirmed that it still
/// was the owner when they ended: to another the silo may have said in time that it holds them. It has stopped before.</item>
/// <item>An owner that does not know what was leased before it gives no units until all of that has ended; what silos
/// meanwhile say they hold is theirs, and what they give back of it is given again.</item>
/// </list>
/// </summary>
public sealed partial class HostBudget
{
    private readonly HostPolicy _policy;
    private readonly Dictionary<string, HostLease> _leases = new(StringComparer.Ordinal);
    private HostBudgetState _state;

    /// <summary>Units that silos said they held and hold no more, since this owner took over without knowing what was leased: nobody may believe them to be his.</summary>
    private int _returned;
    private long _confirmedAt = -Limits.OwnershipTime.Ticks;
    private long _savedVersion = -1;
    private int _savedPolicyVersion = -1;

    /// <param name="rules">The host's.</param>
    /// <param name="random">Spreads silences.</param>
    /// <param name="state">What an earlier owner kept; null: nobody leased anything yet.</param>
    /// <param name="now">The time, in UTC ticks.</param>
    public HostBudget(HostRules rules, Random random, HostBudgetState? state, long now)
    {
        _state = state ?? new HostBudgetState();
        if (double.IsFinite(rules.RequestsPerSecond))
        {
            rules = rules with { RequestsPerSecond = Limits.LeasedShare * rules.RequestsPerSecond };
        }

        bool exact = _state is { InUse: false, Policy: { } handed } && handed.Rate <= rules.RequestsPerSecond;
        _policy = new HostPolicy(rules, random, exact ? _state.Policy : null) { IsLeased = true };
        if (!exact && _state.Policy is { } kept)
        {
            _policy.Restore(HostPolicy.Write(kept), kept.SilentUntil);
        }

        if (_state.InUse)
        {
            // 1. Whoever holds something will say so, or stop by itself; 2. an owner that still thinks that it is one stops first.
            long owned = _state.OwnedFor > 0 ? _state.OwnedFor : Limits.OwnershipTimeUnsaid.Ticks;
            _state = _state with
            {
                NoUnitsBefore = now + owned + Limits.LeaseTime.Ticks,
                NoStartsBefore = now + owned + (Limits.StartsHorizon + Limits.StartsPatience).Ticks,
            };
            _policy.EarnNothingBefore(_state.NoStartsBefore);
        }
        else
        {
            foreach (HostLease lease in _state.Leases)
            {
                _leases[lease.Silo] = lease;
            }
        }

        _state = _state with { Policy = null, Leases = [], InUse = true, Version = _state.Version + 1 };
    }

    /// <summary>Whether this owner may still answer: it was confirmed, by a save, that it is the owner.</summary>
    public bool MayAnswer(long now) => now < _confirmedAt + Limits.OwnershipTime.Ticks;

    /// <summary>Whether it is time to confirm the ownership by a save.</summary>
    public bool ShouldConfirm(long now) =>
        MustSave || now >= _confirmedAt + (Limits.OwnershipTime / 2).Ticks || _leases.Values.Any(lease => lease.ExpiresAt <= now && lease.ExpiresAt > _confirmedAt);

    /// <summary>A save that was begun then went through: no other owner had saved before it.</summary>
    public void Confirm(long begunAt) => _confirmedAt = begunAt;

    /// <summary>Whether the next call's answer must not go out before the state is saved: what it teaches may not be forgotten.</summary>
    public bool MustSave => _policy.Version != _savedPolicyVersion || _state.Version != _savedVersion;

    /// <summary>Grows whenever starts that were granted before are void.</summary>
    public long Version => _state.Version;

    /// <summary>Silent until then, in UTC ticks; 0 or past: not.</summary>
    public long SilentUntil => Math.Max(_policy.SilentUntil, _state.BrakedUntil);

    /// <summary>What is to be kept. <paramref name="handOver"/>: nothing is granted after it by this owner; the next goes on exactly here.</summary>
    public HostBudgetState Save(bool handOver)
    {
        (_savedVersion, _savedPolicyVersion) = (_state.Version, _policy.Version);
        return _state with { Policy = _policy.State, InUse = !handOver, OwnedFor = Limits.OwnershipTime.Ticks, Leases = handOver ? [.. _leases.Values] : [] };
    }

    /// <summary>Whether a silo holds or wants something.</summary>
    public bool Knows(string silo) => _leases.ContainsKey(silo);

    /// <summary>Asks nothing of the host until then; 0: lifts the brake.</summary>
    public void Brake(long until) => _state = _state with { BrakedUntil = until, Version = _state.Version + 1 };

    /// <summary>The host as an operator sees it.</summary>
    public HostView View(Git.Remotes.ForgeHost host, long now)
    {
        TakeBack();
        return new HostView
        {
            Host = host,
            Running = _leases.Values.Sum(l => l.Running),
            Allowed = _policy.LookLeasable(now, 0, out int most) == PermitAnswer.GivenUp ? 0 : most,
            RequestsPerSecond = double.IsPositiveInfinity(_policy.Rate) ? null : _policy.Rate,
            Waiting = _leases.Values.Sum(l => l.Waiting),
            Done = _state.Done,
            Throttled = _policy.ThrottledCount,
            SilentUntil = _policy.SilentUntil > now ? new DateTimeOffset(_policy.SilentUntil, TimeSpan.Zero) : null,
            BrakedUntil = _state.BrakedUntil > now ? new DateTimeOffset(_state.BrakedUntil, TimeSpan.Zero) : null,
            IsDown = _policy.State.Broken,
        };
    }

    /// <summary>The state as text, and back; null: nothing, or not such a text.</summary>
    public static string Write(HostBudgetState state) => JsonSerializer.Serialize(state, HostPolicyJson.Default.HostBudgetState);

    /// <summary>Reads what <see cref="Write"/> wrote, of this version or an older one; null: nothing was kept, or another program's.</summary>
    public static HostBudgetState? Read(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonSerializer.Deserialize(text, HostPolicyJson.Default.HostBudgetState);
        }
        catch (JsonException)
        {
            // Somebody may hold leases of it all the same.
            return new HostBudgetState { InUse = true };
        }
    }

    private void TakeBack()
    {
        List<string>? silent = null;
        foreach (HostLease lease in _leases.Values)
        {
            if (lease.ExpiresAt <= _confirmedAt)
            {
                (silent ??= []).Add(lease.Silo);
            }
        }

        foreach (string silo in silent ?? [])
        {
            _leases.Remove(silo, out HostLease? lapsed);
            _returned += lapsed!.Units;
        }
    }
}
