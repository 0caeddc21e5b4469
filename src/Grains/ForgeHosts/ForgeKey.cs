using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary>Which forge grain owns a host's patience: the host's own, or that of a budget that the rules give to several.</summary>
internal static class ForgeKey
{
    private const string Shared = "budget/";

    public static string Of(ForgeHost host, HostRules rules) => rules.Budget is { } budget ? Shared + budget : host.ToString();

    public static string? BudgetOf(string key) => key.StartsWith(Shared, StringComparison.Ordinal) ? key[Shared.Length..] : null;

    /// <summary>The host that a grain of this key shows itself as: a budget's by its name.</summary>
    public static ForgeHost HostOf(string key) => ForgeHost.Parse(BudgetOf(key)?.ToLowerInvariant() ?? key);
}
