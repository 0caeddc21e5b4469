namespace Actors.Store.Schedules;

/// <summary>The queues that share a schedule's visits. Stored by number: numbers are never reused.</summary>
public enum ScheduleQueue : byte
{
    /// <summary>Never visited.</summary>
    First = 1,

    /// <summary>Visited, and its last visit succeeded.</summary>
    Known = 2,

    /// <summary>Its last visit failed: gone, refused, unreachable and so on.</summary>
    Failing = 3,
}
