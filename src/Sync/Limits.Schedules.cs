namespace Actors.Sync;

public static partial class Limits
{
    /// <summary>Half of what a visit told of a repository's changes is forgotten after so many days: projects wake up and fall asleep within months.</summary>
    internal const double ChangesForgottenHalfDays = 90;

    /// <summary>A quarter of an hour between two visits at least: more often nobody could tell the difference, and a forge could.</summary>
    internal const double VisitDaysMin = 1.0 / 96;

    /// <summary>Half a year between two visits at most, however quiet a repository is: it may wake up, and its forge may go.</summary>
    internal const double VisitDaysMax = 180;

    /// <summary>A repository whose forge tells updates is visited so often without news: listings have holes.</summary>
    internal const double ListedVisitDays = 60;

    /// <summary>Before anything is known of the schedule: a visit a day to what changes by the hour.</summary>
    internal const double VisitPriceFirst = 0.5;

    /// <summary>Below it everything is due at <see cref="VisitDaysMin"/>.</summary>
    internal const double VisitPriceMin = 1e-8;

    /// <summary>Above it everything is due at <see cref="VisitDaysMax"/>.</summary>
    internal const double VisitPriceMax = VisitDaysMax * VisitDaysMax;

    /// <summary>A listing that is older tells nothing: the lister may have stopped.</summary>
    internal static readonly TimeSpan ListingValid = TimeSpan.FromDays(3);

    /// <summary>Repositories that a watch has in the engine at once: a minute of work at full speed, some 400 bytes each.</summary>
    internal const int WatchedTogetherMax = 32_768;

    /// <summary>Of one forge host: it is not to keep the others from being taken up.</summary>
    internal const int WatchedPerHostMax = 2_048;

    /// <summary>Taken, written and told at once.</summary>
    internal const int ScheduleBatch = 512;

    /// <summary>The longest event of GitHub's archive is a few hundred kilobytes.</summary>
    internal const int EventLineBytesMax = 4 << 20;

    /// <summary>Repositories from which the price of a visit and the lag are estimated: within some percent.</summary>
    internal const int ScheduleSample = 2_000;

    /// <summary>What is put back because its host has enough to do is due again then.</summary>
    internal static readonly TimeSpan HostBusyPause = TimeSpan.FromMinutes(5);

    /// <summary>A visit that was taken and of which nothing was heard for so long is lost: longer than any sync may take.</summary>
    internal static readonly TimeSpan VisitLostAfter = TimeSpan.FromHours(24);

    /// <summary>A watch that failed after going so long begins with the shortest pause again.</summary>
    internal static readonly TimeSpan FailedWatchForgotten = TimeSpan.FromHours(1);

    /// <summary>Lines of one host that are worked in a turn: as many as are held with one call.</summary>
    internal const int TurnLines = HoldBatch;

    /// <summary>Hosts with no more lines than this share a turn with others: a quarter of a turn's visits at once wait at most for one that gives no permit.</summary>
    internal const int RareHostLines = 4;

    /// <summary>Lines of hosts that share a turn: some seconds of work, one host's few lines after another's.</summary>
    internal const int SharedTurnLines = 64;

    /// <summary>A turn begins nothing more after this: what its hosts had no time for is put back, so that a slow one keeps nobody waiting.</summary>
    internal static readonly TimeSpan TurnTime = TimeSpan.FromSeconds(30);

    /// <summary>How often a watch looks what is due when nothing was.</summary>
    internal static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How often price and lag are estimated anew.</summary>
    internal static readonly TimeSpan WatchEstimatePeriod = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A visit is taken to have begun so much before the time that its report gives: what is pushed while it begins is better looked for twice
    /// than missed.
    /// </summary>
    internal static readonly TimeSpan VisitBeginSlack = TimeSpan.FromSeconds(2);

    /// <summary>Figures of the schedule that servers tell are at least so old before they are read anew: dashboards and scrapers ask every few seconds.</summary>
    internal static readonly TimeSpan GaugeAgeMin = TimeSpan.FromSeconds(10);

    /// <summary>And so many times older than the reading took: two seconds of counting a hundred million rows are spent every hundred.</summary>
    internal const int GaugeAgeFactor = 50;

    /// <summary>Who asks first waits so long for the first figures: a dashboard may be empty for a moment, a scrape may not time out.</summary>
    internal static readonly TimeSpan GaugePatience = TimeSpan.FromSeconds(3);

    /// <summary>Repositories that campaigns beside a watch visited since it looked last, a second ago or some: far more than one machine visits in that time.</summary>
    internal const int SeenMax = 100_000;

    /// <summary>What the rules of this process keep it from visiting is looked at again after a week, as what people must mend.</summary>
    internal static readonly TimeSpan RefusedPause = TimeSpan.FromDays(7);
}
