using System.Net;
using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>The rules of every forge host: a caller's settings over the presets (<see cref="HostPresets"/>).</summary>
public sealed class HostRuleBook
{
    private readonly IReadOnlyDictionary<string, HostRules> _rules;
    private readonly HostRules _others;

    /// <param name="rules">By host, as <see cref="ForgeHost"/> writes it.</param>
    /// <param name="others">All other hosts.</param>
    public HostRuleBook(IReadOnlyDictionary<string, HostRules> rules, HostRules others)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(others);
        (_rules, _others) = (rules, others);
    }

    /// <summary>The presets.</summary>
    public static HostRuleBook Presets { get; } = new(HostPresets.Rules, HostPresets.Others);

    /// <summary>What a host is allowed, under a caller's own ceilings.</summary>
    public HostRules Find(ForgeHost host, HostLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return _rules.TryGetValue(host.ToString(), out HostRules? rules) ? rules.Within(limits)
            : IsOurs(host) ? HostRules.Open(limits)
            : _others.Within(limits);
    }

    /// <summary>What a budget's hosts are allowed together: the rules of the first of them, or null when nobody names it.</summary>
    public HostRules? FindBudget(string budget, HostLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return _rules.OrderBy(r => r.Key, StringComparer.Ordinal).FirstOrDefault(r => r.Value.Budget == budget).Value?.Within(limits);
    }

    /// <summary>This machine, by name or address, has nobody's patience but our own.</summary>
    private static bool IsOurs(ForgeHost host)
    {
        string name = host.ToString();
        int colon = name.LastIndexOf(':');
        name = (colon > name.LastIndexOf(']') ? name[..colon] : name).Trim('[', ']');
        return name == "localhost" || (IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address));
    }
}
