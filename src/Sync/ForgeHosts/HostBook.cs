using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.ForgeHosts;

/// <summary>
/// What this process knows of forge hosts, over all campaigns that it runs at once: each host's one policy, the budgets that
/// hosts share, what an earlier run remembered, and an operator's brakes. Not thread-safe: all who use it share one lock.
/// </summary>
internal sealed class HostBook
{
    private readonly Dictionary<ForgeHost, KnownHost> _hosts = [];
    private readonly Dictionary<ForgeHost, ForgeHostState> _remembered = [];
    private readonly Dictionary<string, (HostPolicy Policy, int Hosts)> _budgets = [];
    private readonly Dictionary<ForgeHost, long> _brakes = [];
    private readonly Func<ForgeHost, HostRules> _rules;
    private readonly Func<ForgeHost, string?> _budgetOf;
    private readonly Random _random;
    private int _sweepAt = Limits.IdleHostsMax;

    /// <param name="rules">Each host's.</param>
    /// <param name="random">Jitter.</param>
    /// <param name="budgetOf">What a host was found to share with others, its address; null where it is not known.</param>
    /// <param name="hasCanary">Whether canaries can be asked.</param>
    public HostBook(Func<ForgeHost, HostRules> rules, Random random, Func<ForgeHost, string?>? budgetOf = null, bool hasCanary = false)
    {
        (_rules, _random, _budgetOf, HasCanary) = (rules, random, budgetOf ?? (_ => null), hasCanary);
    }

    /// <summary>Whether canaries can be asked.</summary>
    public bool HasCanary { get; }

    /// <summary>Hosts that a campaign has asked for; those long without work and with nothing to remember are not among them.</summary>
    public IReadOnlyCollection<KnownHost> Hosts => _hosts.Values;

    /// <summary>What an earlier run learnt, of hosts that no campaign has asked for yet.</summary>
    public IReadOnlyCollection<ForgeHostState> Remembered => _remembered.Values;

    /// <summary>Braked hosts, and until when (UTC ticks).</summary>
    public IReadOnlyDictionary<ForgeHost, long> Brakes => _brakes;

    /// <summary>What an earlier run learnt of a host; before its first repository comes.</summary>
    public void Remember(ForgeHostState state) => _remembered[state.Host] = state;

    /// <summary>What is known of a host, or null.</summary>
    public KnownHost? Find(ForgeHost host) => _hosts.GetValueOrDefault(host);

    /// <summary>The host, for one campaign more.</summary>
    public KnownHost Use(ForgeHost host, long now, out HostRules rules)
    {
        rules = _rules(host);
        if (!_hosts.TryGetValue(host, out KnownHost? known))
        {
            HostPolicy policy = new(rules, _random) { HasCanary = HasCanary && rules.Canary is not null };
            if (_remembered.Remove(host, out ForgeHostState? state))
            {
                policy.Restore(state.Throttling, state.SilentUntil?.UtcTicks ?? 0);
            }

            Sweep(now);
            known = new KnownHost(host, policy);
            _hosts.Add(host, known);
            if (rules.Budget is { } budget)
            {
                Share(known, budget);
            }
        }

        known.Users++;
        return known;
    }

    /// <summary>A campaign has no queue for it any more. What nobody uses and nothing is remembered of is forgotten.</summary>
    public void Leave(KnownHost known, long now)
    {
        known.Users--;
        if (known.Users == 0 && known.Policy.IsPristine(now))
        {
            Forget(known);
        }
    }

    private void Forget(KnownHost known)
    {
        _hosts.Remove(known.Host);
        if (known.Budget is { } budget)
        {
            (HostPolicy policy, int hosts) = _budgets[budget];
            _budgets[budget] = (policy, hosts - 1);
            if (hosts == 1)
            {
                _budgets.Remove(budget);
            }
        }
    }

    /// <summary>The canary that the host's rules name, or null.</summary>
    public RepositoryUrl? CanaryOf(ForgeHost host) => _rules(host).Canary;

    /// <summary>After an answer: the host's requests come from a budget that it was found to have in common with others.</summary>
    public void LearnBudget(KnownHost known)
    {
        if (known.Budget is null && _budgetOf(known.Host) is { } budget)
        {
            Share(known, budget);
        }
    }

    /// <summary>Whether an operator braked the host, and until when.</summary>
    public bool IsBraked(ForgeHost host, long now, out long until)
    {
        until = 0;
        if (_brakes.Count == 0 || !_brakes.TryGetValue(host, out until))
        {
            return false;
        }

        if (now < until)
        {
            return true;
        }

        _brakes.Remove(host);
        return false;
    }

    /// <summary>Nothing is begun on the host until then; null: the brake is lifted.</summary>
    public void Brake(ForgeHost host, long? until)
    {
        if (until is { } time)
        {
            _brakes[host] = time;
        }
        else
        {
            _brakes.Remove(host);
        }
    }

    /// <summary>Hosts that had something to remember when their last campaign left, and have nothing now. Each sweep waits for as many new hosts as it left.</summary>
    private void Sweep(long now)
    {
        if (_hosts.Count <= _sweepAt)
        {
            return;
        }

        foreach (KnownHost known in _hosts.Values)
        {
            if (known.Users == 0 && known.Policy.IsPristine(now))
            {
                Forget(known);
            }
        }

        _sweepAt = Math.Max(Limits.IdleHostsMax, _hosts.Count * 2);
    }

    /// <summary>What is under way stays with who gave the permit.</summary>
    private void Share(KnownHost known, string budget)
    {
        known.Budget = budget;
        (HostPolicy policy, int hosts) = _budgets.GetValueOrDefault(budget, (known.Policy, 0));
        known.Policy = policy;
        _budgets[budget] = (policy, hosts + 1);
    }
}
