using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary>What the cluster's settings allow each forge host.</summary>
public sealed record ForgeRules
{
    /// <summary>By host.</summary>
    public HostRuleBook Book { get; init; } = HostRuleBook.Presets;

    /// <summary>Every host's ceilings.</summary>
    public HostLimits Limits { get; init; } = HostLimits.Default;

    /// <summary>One host's rules.</summary>
    public HostRules Find(ForgeHost host) => Book.Find(host, Limits);

    /// <summary>The rules of a forge grain: a host's own, or of a budget those of its first host.</summary>
    internal HostRules FindByKey(string key) => ForgeKey.BudgetOf(key) is { } budget ? Book.FindBudget(budget, Limits) ?? HostRules.Open(Limits) : Find(ForgeHost.Parse(key));
}
