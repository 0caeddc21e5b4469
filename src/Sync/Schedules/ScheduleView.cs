namespace Actors.Sync.Schedules;

/// <summary>How a schedule stands, and when that was read.</summary>
/// <param name="Figures">The lag first.</param>
/// <param name="ReadAt">When they were read.</param>
/// <param name="Watch">What spends the visits in this process, or null: nothing does.</param>
public sealed record ScheduleView(WatchFigures Figures, DateTimeOffset ReadAt, WatchView? Watch);
