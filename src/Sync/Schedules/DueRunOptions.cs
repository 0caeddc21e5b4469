using Actors.Git.Remotes;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Schedules;

/// <summary>How much of what is due is worked at once.</summary>
public sealed record DueRunOptions
{
    /// <summary>Turns of hosts at once.</summary>
    public int TurnsMax { get; init; } = 4;

    /// <summary>Visits at once in a turn.</summary>
    public int JobsOfTurn { get; init; } = 16;

    /// <summary>How repositories are visited.</summary>
    public CampaignOrder Order { get; init; } = new() { IncludeParked = true };

    /// <summary>Why a repository is not visited by this process at all, or null: it is.</summary>
    public Func<RepositoryUrl, string?>? Refuse { get; init; }

    /// <summary>Begin nothing more: what runs ends, the rest is due as before.</summary>
    public CancellationToken Drain { get; init; }

    /// <summary>Wakes sleepers on the waker's own thread: for simulation.</summary>
    internal bool Inline { get; init; }
}
