using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;

namespace Actors.Sync.Schedules;

/// <summary>
/// Decides when a repository is visited next: from what its visits found, what was told of it, and the price of a visit. Pure.
/// </summary>
public static class ScheduleRule
{
    /// <summary>A repository that was never visited: due at once.</summary>
    public static ScheduledVisit New(RepositoryUrl url, DateTimeOffset now) => new()
    {
        Url = url, Queue = ScheduleQueue.First, DueAt = now, Shape = (float)ChangeRate.Prior.Shape, ExposureDays = (float)ChangeRate.Prior.ExposureDays,
    };

    /// <summary>A repository that the head store knows and the schedule does not.</summary>
    public static ScheduledVisit Of(RepositoryState state, double price, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ScheduledVisit visit = New(state.Url, now);
        return state.Visit == 0 ? visit
            : state.Outcome.IsSuccess() ? Due(visit with { Queue = ScheduleQueue.Known, ObservedAt = state.VisitedAt }, price)
            : visit with { Queue = ScheduleQueue.Failing, DueAt = state.RetryAt ?? now };
    }

    /// <summary>What is believed of how often it changes.</summary>
    public static ChangeRate RateOf(ScheduledVisit visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        return visit is { Shape: > 0, ExposureDays: > 0 } ? new ChangeRate(visit.Shape, visit.ExposureDays) : ChangeRate.Prior;
    }

    /// <summary>Its forge's listing tells its updates: no news is then good news.</summary>
    public static bool IsListed(ScheduledVisit visit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(visit);
        return visit.ListedAt is { } listed && now - listed < Limits.ListingValid;
    }

    /// <summary>After a visit ended.</summary>
    /// <param name="visit">As it was.</param>
    /// <param name="startedAt">When the visit began: what changed later it has not seen.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="retryAt">Not before, where the outcome says.</param>
    /// <param name="price">Of a visit.</param>
    public static ScheduledVisit After(ScheduledVisit visit, DateTimeOffset startedAt, Outcome outcome, DateTimeOffset? retryAt, double price)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (visit.ObservedAt >= startedAt)
        {
            // Told out of order, or twice.
            return visit.Queue == ScheduleQueue.Known ? Due(visit, price) : visit;
        }

        if (!outcome.IsSuccess())
        {
            DateTimeOffset coolDown = startedAt + CoolDown(outcome);
            return visit with { Queue = ScheduleQueue.Failing, DueAt = retryAt > coolDown ? retryAt.Value : coolDown };
        }

        ChangeRate rate = RateOf(visit);
        if (visit.ObservedAt is { } before)
        {
            rate = rate.After((startedAt - before).TotalDays, outcome is not (Outcome.Unchanged or Outcome.Empty));
        }

        return Due(
            visit with
            {
                Queue = ScheduleQueue.Known,
                ObservedAt = startedAt,
                ToldAt = visit.ToldAt > startedAt ? visit.ToldAt : null,
                Shape = (float)rate.Shape,
                ExposureDays = (float)rate.ExposureDays,
            },
            price);
    }

    /// <summary>Somebody says that it changed: the visit comes sooner, never later. The same said again changes nothing.</summary>
    /// <param name="visit">As it was.</param>
    /// <param name="changedAt">When it changed.</param>
    /// <param name="price">Of a visit.</param>
    public static ScheduledVisit Told(ScheduledVisit visit, DateTimeOffset changedAt, double price)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (changedAt <= visit.ObservedAt || visit.ToldAt <= changedAt)
        {
            return visit;
        }

        DateTimeOffset dueAt = changedAt.AddDays(VisitWorth.DaysTold(RateOf(visit), price));
        if (visit.ObservedAt?.AddDays(Limits.VisitDaysMin) is { } earliest && earliest > dueAt)
        {
            // However often it is said.
            dueAt = earliest;
        }

        // What fails keeps its cool-down: a push to a repository that refuses us changes nothing for us.
        return visit with { ToldAt = changedAt, DueAt = visit.Queue == ScheduleQueue.Known && dueAt < visit.DueAt ? dueAt : visit.DueAt };
    }

    /// <summary>A listing covered it and said when it was last updated.</summary>
    /// <param name="visit">As it was.</param>
    /// <param name="listedAt">When it was asked.</param>
    /// <param name="updatedAt">What it said.</param>
    /// <param name="price">Of a visit.</param>
    public static ScheduledVisit Listed(ScheduledVisit visit, DateTimeOffset listedAt, DateTimeOffset updatedAt, double price)
    {
        ArgumentNullException.ThrowIfNull(visit);
        ScheduledVisit listed = Told(visit with { ListedAt = listedAt }, updatedAt, price);
        return listed.Queue == ScheduleQueue.Known && listed.ToldAt is null ? Due(listed, price) : listed;
    }

    /// <summary>When a repository is due whose last visit succeeded.</summary>
    private static ScheduledVisit Due(ScheduledVisit visit, double price)
    {
        DateTimeOffset from = visit.ObservedAt!.Value;
        ChangeRate rate = RateOf(visit);
        bool listed = IsListed(visit, from);
        // A listing without news is as good as a visit that found nothing, and free.
        DateTimeOffset dueAt = (listed && visit.ListedAt > from ? visit.ListedAt.Value : from).AddDays(VisitWorth.DaysUnheard(rate, price));
        if (listed && from.AddDays(Limits.ListedVisitDays) is var latest && latest < dueAt)
        {
            dueAt = latest;
        }

        if (visit.ToldAt is { } told && told.AddDays(VisitWorth.DaysTold(rate, price)) is var toldDue && toldDue < dueAt)
        {
            dueAt = toldDue;
        }

        return visit with { DueAt = dueAt };
    }

    /// <summary>At least so long after a failure, whatever it asks for: what people must mend is not mended within hours.</summary>
    private static TimeSpan CoolDown(Outcome outcome) => outcome switch
    {
        Outcome.Throttled => TimeSpan.FromMinutes(10),
        Outcome.Unreachable or Outcome.TimedOut or Outcome.Failed or Outcome.Partial => TimeSpan.FromHours(1),
        // The spacing at which refusals count as evidence: sooner would tell nothing.
        Outcome.Gone or Outcome.Refused or Outcome.Moved => RepositoryEvidence.AbsenceSpacing,
        _ => TimeSpan.FromDays(7),
    };
}
