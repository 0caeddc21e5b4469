using Actors.TestKit.Schedules;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class ScheduleSimulationTests
{
    /// <summary>Nothing is told: all must come from what visits find. The full size is the benchmark <c>schedule</c>.</summary>
    [Theory]
    [InlineData(0.03, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0.03, 0.7)]
    public void A_year_of_visits_leaves_at_least_thirty_percent_less_lag_than_Software_Heritages_policy(double visitsADay, double listed)
    {
        ChangeModelOptions options = new() { Repositories = 4000, Seed = 7, ListedShare = listed };
        ScheduleOutcome swh = ScheduleSimulation.Run(options, visitsADay, new SoftwareHeritagePolicy(7));
        ScheduleOutcome ours = ScheduleSimulation.Run(options, visitsADay, new SchedulePolicy(visitsADay));
        ScheduleOutcome roundRobin = ScheduleSimulation.Run(options, visitsADay, new PeriodicPolicy(1, 10, 10));
        string figures = $"ours {ours}\nSWH {swh}\nround robin {roundRobin}";
        // In the first hours all of the rival cool down.
        Assert.InRange((double)ours.Visits / swh.Visits, 0.99, 1.01);
        Assert.True(ours.MeanLagDays <= 0.7 * swh.MeanLagDays, figures);
        Assert.True(ours.MeanLagDays <= 0.9 * roundRobin.MeanLagDays, figures);
    }
}
