using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Sync.Tests.Schedules;
using Actors.TestKit.Schedules;

namespace Actors.Benchmarks.Schedules;

/// <summary>How fresh a year of visits keeps repositories: ours beside Software Heritage's policy, round robin and powers of four, each with the same visits.</summary>
internal static class ScheduleBenchmark
{
    public const string Usage = "schedule [REPOSITORIES]: lag after a year of visits, beside Software Heritage's policy, round robin and powers of four";

    public static async Task<int> RunAsync(string[] args)
    {
        int repositories = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        ResultTable table = new(
            "Schedule",
            string.Create(CultureInfo.InvariantCulture, $"A year of {repositories:N0} modelled repositories: rates log-normal (median one change in 200 days, one in a hundred 1.7 a day or more), ")
            + "in bursts of a month, a tenth of them new within the year, 15 % ending in it. Every policy meets the same changes and spends the same visits, so many each hour. "
            + "Mean lag: time since the first change that no visit has seen, zero where there is none, over all repositories and all the time. 90 %: within which a first change was seen. "
            + "By change: from each change to the visit that saw it. Listed: share of repositories whose forge tells their last update once a day. "
            + "SWH's policy is Software Heritage's, with what one of its parts leaves unused given to the others.",
            ["visits a day each", "listed", "who", "mean lag", "to SWH", "90 %", "by change", "new wait", "visits", "visits a find"]);
        foreach ((double visitsADay, double listed) in (ReadOnlySpan<(double, double)>)[(0.1, 0), (0.03, 0), (0.3, 0), (0.1, 0.7), (0.03, 0.7)])
        {
            ChangeModelOptions options = new() { Repositories = repositories, ListedShare = listed };
            ScheduleOutcome swh = ScheduleSimulation.Run(options, visitsADay, new SoftwareHeritagePolicy(1));
            Add("ours", ScheduleSimulation.Run(options, visitsADay, new SchedulePolicy(visitsADay)));
            Add("SWH", swh);
            Add("round robin", ScheduleSimulation.Run(options, visitsADay, new PeriodicPolicy(1, 10, 10)));
            Add("powers of four", ScheduleSimulation.Run(options, visitsADay, new PeriodicPolicy(4, 0.25, 256)));

            void Add(string who, ScheduleOutcome outcome)
            {
                table.Add(
                    [
                        visitsADay.ToString(CultureInfo.InvariantCulture), listed.ToString("0 %", CultureInfo.InvariantCulture), who, Days(outcome.MeanLagDays),
                        (outcome.MeanLagDays / swh.MeanLagDays).ToString("0 %", CultureInfo.InvariantCulture), Days(outcome.NinetiethDays), Days(outcome.ChangeLagDays),
                        Days(outcome.FirstVisitDays), outcome.Visits.ToString(CultureInfo.InvariantCulture), outcome.VisitsPerFound.ToString("0.00", CultureInfo.InvariantCulture),
                    ]);
            }
        }

        await table.WriteAsync("schedule.md");
        return 0;
    }

    private static string Days(double days) => days.ToString("0.00", CultureInfo.InvariantCulture) + " d";
}
