namespace Actors.Store.Schedules;

/// <summary>How a queue of the schedule stands.</summary>
/// <param name="Queue">Which.</param>
/// <param name="Repositories">In it.</param>
/// <param name="Due">Of them due.</param>
/// <param name="EarliestDueAt">The earliest due time in it, or null when it is empty.</param>
public sealed record ScheduleFigures(ScheduleQueue Queue, long Repositories, long Due, DateTimeOffset? EarliestDueAt);
