using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>A list of repositories, and how to work it.</summary>
public sealed record CampaignRequest
{
    /// <summary>The lines, in any form that <see cref="ListLine"/> reads. Read once, forward; may be endless millions.</summary>
    public required TextReader List { get; init; }

    /// <summary>Lines of the list that come before these; all of them are done.</summary>
    internal long LinesBefore { get; init; }

    /// <summary>The list was sent from another machine: relative paths are rejected.</summary>
    public bool IsFromElsewhere { get; init; }

    /// <summary>Why a repository of the list is not to be visited at all (its line is rejected), or null; null: none is refused.</summary>
    public Func<RepositoryUrl, string?>? Refuse { get; init; }

    /// <summary>What identifies the list for <see cref="Resume"/>: its file name or what was typed, and the options that matter.</summary>
    public required string Key { get; init; }

    /// <summary>Go on with the last unfinished campaign of the same <see cref="Key"/>, where there is one.</summary>
    public bool Resume { get; init; }

    /// <summary>Syncs at once, over all hosts.</summary>
    public int Jobs { get; init; } = 64;

    /// <summary>What every host is allowed at most.</summary>
    public HostLimits HostLimits { get; init; } = HostLimits.Default;

    /// <summary>What each host is allowed, below that.</summary>
    public HostRuleBook HostRules { get; init; } = HostRuleBook.Presets;

    /// <summary>A repository whose last successful visit is younger is left as it is (counted as skipped); zero: visit all.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>Also try what an earlier visit asked to retry only later.</summary>
    public bool IgnoreRetryTimes { get; init; }

    /// <summary>Also try repositories that were gone or refused for weeks, before their time.</summary>
    public bool IncludeParked { get; init; }

    /// <summary>Visit a repository as often as the list names it, but never twice at once: the list is a schedule. Not resumed.</summary>
    public bool Revisit { get; init; }

    public SyncOptions Sync { get; init; } = new();
}
