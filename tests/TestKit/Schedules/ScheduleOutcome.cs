namespace Actors.TestKit.Schedules;

/// <summary>How fresh a year of visits kept the repositories.</summary>
/// <param name="Visits">Requests spent.</param>
/// <param name="Found">Visits that found something.</param>
/// <param name="MeanLagDays">Time since the first unseen change, zero where there is none: mean over all repositories and the whole time.</param>
/// <param name="NinetiethDays">Nine of ten times, the first change after a visit was seen within so many days.</param>
/// <param name="ChangeLagDays">From a change until it was seen, mean over all changes: busy repositories weigh more.</param>
/// <param name="FirstVisitDays">Mean wait of a new repository.</param>
public sealed record ScheduleOutcome(long Visits, long Found, double MeanLagDays, double NinetiethDays, double ChangeLagDays, double FirstVisitDays)
{
    public double VisitsPerFound => (double)Visits / Found;
}
