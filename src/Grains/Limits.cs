namespace Actors.Grains;

/// <summary>What grains and silos wait for and hold at most. Each figure has its reason.</summary>
internal static class Limits
{
    /// <summary>A call that was not answered by then is given up: three of them fit into a lease.</summary>
    public static readonly TimeSpan ForgeCallTime = TimeSpan.FromSeconds(4);

    /// <summary>A grain's caller waits so long at most; long visits are asked for again.</summary>
    public static readonly TimeSpan VisitWait = TimeSpan.FromSeconds(5);

    /// <summary>A gate without work is forgotten after this: its host's next chunk makes a new one.</summary>
    public static readonly TimeSpan GateIdleTime = TimeSpan.FromMinutes(2);

    /// <summary>A host that wants silence for longer is not waited for: its chunks are given back, and nobody claims them until then.</summary>
    public static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(20);

    /// <summary>Failures and slow visits that a silo remembers, each.</summary>
    public const int TroublesMax = 100;

    /// <summary>Quicker visits are nobody's trouble.</summary>
    public const long SlowMillisecondsMin = 2000;

    /// <summary>A share of the processor is measured over this at least.</summary>
    public static readonly TimeSpan CpuShareTime = TimeSpan.FromSeconds(2);

    /// <summary>A watched campaign is read so often: three times a second is all that anybody sees.</summary>
    public static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(330);

    /// <summary>Hosts' and silos' figures are read no oftener than this, whoever asks.</summary>
    public static readonly TimeSpan FiguresAge = TimeSpan.FromSeconds(2);

    /// <summary>Hosts in a list for an operator.</summary>
    public const int HostsShownMax = 200;

    /// <summary>Campaigns whose hosts are remembered for a moment: as many as are watched at once.</summary>
    public const int CampaignsWatchedMax = 100;

    /// <summary>What servers taught is written so often: what a killed silo had not written, the servers teach again.</summary>
    public static readonly TimeSpan ProfilesPeriod = TimeSpan.FromSeconds(5);

    /// <summary>A silo that does not answer for its figures is shown without them.</summary>
    public static readonly TimeSpan FiguresTime = TimeSpan.FromSeconds(2);

    /// <summary>Campaigns are looked after so often: their silos work them meanwhile.</summary>
    public static readonly TimeSpan LookAfterPeriod = TimeSpan.FromMinutes(2);

    /// <summary>A worker that found nothing to do looks again after this.</summary>
    public static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(1);

    /// <summary>A repository's grain that sat in another silo is asked so often to move here; then the chunk comes back to it.</summary>
    public const int MovesMax = 5;

    /// <summary>Starts that a visit may let pass because it was late: a process that compiles what it runs for the first time, or stands still. Then it goes on: it must end.</summary>
    public const int LateStartsMax = 5;

    /// <summary>After a visit that a dead silo cut off. Four of them, and three claims of the chunk, are longer than membership needs to notice.</summary>
    public static readonly TimeSpan CutOffPause = TimeSpan.FromSeconds(3);

    /// <summary>Chunks claimed at once: few, so that silos that begin together share.</summary>
    public const int ClaimsAtOnce = 2;

    /// <summary>A silo with fewer chunks takes those of hosts that other silos work.</summary>
    public const int SharingBelow = 2;

    /// <summary>Between two claims that found something.</summary>
    public static readonly TimeSpan ClaimSpacing = TimeSpan.FromMilliseconds(250);

    /// <summary>Repositories that a silo gave up are told of so often where it takes no more of their host: another that waits for one waits as long, and eight silos and fifty hosts make 200 calls a second.</summary>
    public static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(2);

    /// <summary>Due repositories that a watching silo takes at once: few, so that silos share what is due.</summary>
    public const int DueBatch = 128;

    /// <summary>A watching silo looks so often whether it is the oldest one, which schedules what the store knows.</summary>
    public static readonly TimeSpan OldestPeriod = TimeSpan.FromMinutes(1);

    /// <summary>Campaigns whose orders are remembered.</summary>
    public const int OrdersMax = 1000;
}
