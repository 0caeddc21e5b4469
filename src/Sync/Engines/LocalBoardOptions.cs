using Actors.Git.Remotes;
using Actors.Store.Listings;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Engines;

/// <summary>What a <see cref="LocalBoard"/> needs to know of its surroundings.</summary>
public sealed record LocalBoardOptions
{
    /// <summary>Where campaigns are kept, one folder each; made when needed. One board at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>Syncs at once in one campaign, over all hosts.</summary>
    public int Jobs { get; init; } = 64;

    /// <summary>What every host is allowed at most, of all campaigns together.</summary>
    public HostLimits HostLimits { get; init; } = HostLimits.Default;

    /// <summary>What each host is allowed, below that.</summary>
    public HostRuleBook HostRules { get; init; } = HostRuleBook.Presets;

    /// <summary>Why a repository is not to be visited (its line is rejected), or null; see <see cref="Campaigns.ServedUrls"/>. Null: none is refused.</summary>
    public Func<RepositoryUrl, string?>? Refuse { get; init; }

    /// <summary>What forges' listings say of repositories that were never visited, or null: nothing is known.</summary>
    public IListingStore? Listings { get; init; }

    /// <summary>Of the program, for <see cref="SiloView"/>.</summary>
    public string Version { get; init; } = "";

    /// <summary>Campaigns worked at once; a test lowers it.</summary>
    internal int RunsMax { get; init; } = Limits.RunsMax;

    /// <summary>A test's: called between the steps of what must survive a crash.</summary>
    internal Func<string, Task>? AtStep { get; init; }
}
