using Actors.Git.Packs;
using Actors.Git.Refs;

namespace Actors.Sync.Campaigns;

/// <summary>How a submitted list is to be worked: what <see cref="CampaignRequest"/> says, as a value that is kept and sent.</summary>
public sealed record CampaignOrder
{
    /// <summary>For people; at most <see cref="Limits.CampaignNameMax"/> characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which refs.</summary>
    public RefSelection Refs { get; init; } = RefSelection.Default;

    /// <summary>Higher goes first, from -100 to 100; campaigns of one priority share.</summary>
    public int Priority { get; init; }

    /// <summary>A repository whose last successful visit is younger is left as it is; zero: visit all.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>Also try what an earlier visit asked to retry only later.</summary>
    public bool IgnoreRetryTimes { get; init; } = true;

    /// <summary>Also try repositories that were gone or refused for weeks, before their time.</summary>
    public bool IncludeParked { get; init; }

    /// <summary>One sync may take no longer in all.</summary>
    public TimeSpan SyncTimeMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>No pack may be larger.</summary>
    public long PackBytesMax { get; init; } = PackLimits.Default.PackBytesMax;
}
