using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary>Which forge grain owns a host's patience: the host's own, or that of a budget that the rules give to several.</summary>
internal static class ForgeKey
{
    private const string Shared = "budget/";

    public static string Of(ForgeHost host, HostRules rules) => rules.Budget is { } budget ? Shared + budget : host.ToString();

    public static string? BudgetOf(string key) => key.StartsWith(Shared, StringComparison.Ordinal) ? key[Shared.Length..] : null;

    /// <summary>The name that a silo has at the owner of a patience that its host shares: one for each host.</summary>
    public static string SiloFor(string silo, string key) => $"{silo} {key}";

    /// <summary>The host's key in such a name; null: the silo works for the owner itself.</summary>
    public static string? GateOf(string silo) => silo.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? silo[(space + 1)..] : null;

    /// <summary>The host that a grain of this key shows itself as: a budget's by its name.</summary>
    public static ForgeHost HostOf(string key) => ForgeHost.Parse(BudgetOf(key)?.ToLowerInvariant() ?? key);
}
