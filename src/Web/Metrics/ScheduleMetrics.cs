using Actors.Store.Schedules;
using Actors.Sync.Schedules;
using Actors.Web.Api;

namespace Actors.Web.Metrics;

/// <summary>How far the store is behind the forges, as families of metrics. In a cluster every silo tells the same: take the largest, not the sum.</summary>
internal static class ScheduleMetrics
{
    private const double DaySeconds = 86_400;

    /// <summary>Nothing where there are no figures yet.</summary>
    public static void Write(MetricsText text, ScheduleView? view)
    {
        if (view is null)
        {
            return;
        }

        WatchFigures figures = view.Figures;
        if (figures.Lag.Repositories > 0)
        {
            text.Gauge("actors_lag_mean_seconds", "Time since the first change of a repository that no visit has seen: mean over all scheduled ones, expected.").Sample(figures.Lag.MeanDays * DaySeconds);
            text.Gauge("actors_lag_ninetieth_seconds", "Nine of ten scheduled repositories are expected to be less behind.").Sample(figures.Lag.NinetiethDays * DaySeconds);
            text.Gauge("actors_behind_ratio", "Share of scheduled repositories that are expected to have changed since their last visit, 0 to 1.").Sample(figures.Lag.BehindShare);
        }

        text.Gauge("actors_schedule_read_timestamp_seconds", "When the schedule's figures were read, in seconds since 1970.").Sample(view.ReadAt.ToUnixTimeMilliseconds() / 1000.0);
        Each("actors_scheduled_repositories", "Repositories in the schedule, by queue.", queue => queue.Repositories);
        Each("actors_due_repositories", "Repositories of the schedule that are due, by queue.", queue => queue.Due);
        if (view.Watch is { } watch)
        {
            text.Gauge("actors_watch_running_visits", "Visits that the watch of this process has in the engine.").Sample(watch.Running);
            text.Counter("actors_watch_visits_total", "Visits of the watch of this process that ended.").Sample(watch.Visits);
            text.Counter("actors_watch_found_total", "Of them those that found new or changed heads.").Sample(watch.Found);
            text.Counter("actors_watch_told_total", "Changes of scheduled repositories that the watch of this process was told of: pushes, listings.").Sample(watch.Told);
        }

        void Each(string name, string help, Func<ScheduleFigures, double> value)
        {
            text.Gauge(name, help);
            foreach (ScheduleQueue queue in Enum.GetValues<ScheduleQueue>())
            {
                text.Sample(figures.Queues.FirstOrDefault(one => one.Queue == queue) is { } one ? value(one) : 0, ("queue", ScheduleJson.NameOf(queue)));
            }
        }
    }
}
