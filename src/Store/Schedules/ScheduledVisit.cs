using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Store.Schedules;

/// <summary>When a repository is visited next, and what its visits have told of how often it changes. Some 40 bytes beside its URL.</summary>
public sealed record ScheduledVisit
{
    public required RepositoryUrl Url { get; init; }

    public required ScheduleQueue Queue { get; init; }

    /// <summary>Not before this time; of one that was taken, when its visit counts as lost.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Begin of the last visit that succeeded and that the estimate has heard of, or null.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>The earliest change told from outside (a push, a forge's listing) that no visit has seen yet, or null.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>Last time that a listing which tells updates covered it, or null.</summary>
    public DateTimeOffset? ListedAt { get; init; }

    /// <summary>Shape of the Gamma distribution of its changes a day: about the changes seen.</summary>
    public float Shape { get; init; }

    /// <summary>Days in which they were seen: the distribution's rate. Their quotient is the expected number of changes a day.</summary>
    public float ExposureDays { get; init; }

    /// <summary>As it will be read back.</summary>
    internal ScheduledVisit Kept() => this with
    {
        DueAt = HeadTime.Kept(DueAt),
        ObservedAt = HeadTime.Kept(ObservedAt),
        ToldAt = HeadTime.Kept(ToldAt),
        ListedAt = HeadTime.Kept(ListedAt),
    };

    /// <exception cref="ArgumentException">A queue that there is not, or numbers that are none.</exception>
    internal static void Check(IReadOnlyList<ScheduledVisit> visits)
    {
        ArgumentNullException.ThrowIfNull(visits);
        foreach (ScheduledVisit visit in visits)
        {
            if (!Enum.IsDefined(visit.Queue) || !float.IsFinite(visit.Shape) || !float.IsFinite(visit.ExposureDays) || visit.Shape < 0 || visit.ExposureDays < 0)
            {
                throw new ArgumentException($"'{visit.Url}' has a queue or an estimate that cannot be.", nameof(visits));
            }
        }
    }
}
