namespace Actors.Sync;

public static partial class Limits
{
    /// <summary>Kept of a list's line: the longest URL and its neighbours. World of Code's heads lines reach 30 MB, but the URL comes first.</summary>
    internal const int LineCharsKept = 8192;

    /// <summary>Shown of a rejected line: enough to find it again.</summary>
    internal const int RejectedLineCharsMax = 200;

    /// <summary>URLs asked of the head store at once: its statements are prepared for batches, and more only delays the first answer.</summary>
    internal const int FindBatch = 512;

    /// <summary>A chunk's repositories are held and looked up so many at a time: enough that each costs next to nothing, few enough that another campaign waits seconds for them.</summary>
    internal const int HoldBatch = 128;

    /// <summary>A chunk's next ones are held when so few are left to begin.</summary>
    internal const int HoldAhead = 32;

    /// <summary>Repositories that others hold are asked for again after this.</summary>
    internal static readonly TimeSpan HeldElsewherePause = TimeSpan.FromSeconds(1);

    /// <summary>Repositories that wait in memory, over all hosts: some 300 bytes each, so 30 MB.</summary>
    internal const int WaitingMax = 100_000;

    /// <summary>Repositories of one host that wait in memory: minutes of work for a forge, and a list sorted by host leaves room for others.</summary>
    internal const int WaitingPerHostMax = 10_000;

    /// <summary>Repositories that are kept waiting while all workers are busy: half a second's work at full speed. Beyond it the list is read only for an idle worker.</summary>
    internal const int ReadAhead = 4096;

    /// <summary>A throttled repository is put back so often in one campaign; then it ends as throttled.</summary>
    internal const int ThrottlingsMax = 3;

    /// <summary>Spooled bytes that wait in memory to be written, over all hosts.</summary>
    internal const int SpoolBufferBytesMax = 16 << 20;

    /// <summary>A spool chunk: large enough that the index of chunks in memory is 1/1,000 of what is spooled.</summary>
    internal const int SpoolChunkBytesMax = 16 << 10;

    /// <summary>With very many hosts spooling, chunks shrink down to this: a few URLs.</summary>
    internal const int SpoolChunkBytesMin = 512;

    /// <summary>Hosts without work are forgotten from here on, where nothing is to be remembered of them: some 400 bytes each.</summary>
    internal const int IdleHostsMax = 50_000;

    /// <summary>Longest silence that a host may impose: a Retry-After of years is a mistake, and the next campaign asks again.</summary>
    internal static readonly TimeSpan SilenceMax = TimeSpan.FromHours(24);

    /// <summary>Shortest silence after throttling: a Retry-After of 0 would be asking again at once.</summary>
    internal static readonly TimeSpan SilenceMin = TimeSpan.FromSeconds(1);

    /// <summary>A campaign with nothing else to do waits so long for silent hosts, or as long as it has run already: an hour's silence is nothing in a campaign of days.</summary>
    internal static readonly TimeSpan PatienceMin = TimeSpan.FromMinutes(10);

    /// <summary>Visits are collected so long for one transaction: nobody waits for them but the report, and each transaction waits for the disk.</summary>
    internal static readonly TimeSpan RecordPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>Five reports a second: a terminal shows no more.</summary>
    internal static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>The store is asked so often whether compaction is due: a look at its list of packs.</summary>
    internal static readonly TimeSpan CompactionPeriod = TimeSpan.FromSeconds(30);

    /// <summary>The position is saved so often; a resumed campaign looks at so many seconds of lines again, without visiting them.</summary>
    internal static readonly TimeSpan PositionPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Ended syncs that wait for their visits to be durable; workers wait beyond it. More than half a second's work at full speed.</summary>
    internal const int UnrecordedMax = 32_768;

    /// <summary>Hosts in a progress report: what fits a screen.</summary>
    internal const int HostsShownMax = 20;

    /// <summary>Lines of a report in one file: some 20 MB, through which a reader that begins in its middle has to go.</summary>
    internal const int ReportSegmentLines = 65_536;

    /// <summary>A report's buffer is kept up to this size: a usual batch.</summary>
    internal const int ReportBufferBytesMax = 1 << 20;

    /// <summary>Campaigns worked at once; others wait. Each has its own workers and its own lines in memory.</summary>
    internal const int RunsMax = 4;

    /// <summary>After a failure of ours (a full disk) a campaign pauses so long; it doubles with each failure in a row, up to an hour.</summary>
    internal static readonly TimeSpan FailedRunPause = TimeSpan.FromMinutes(1);

    /// <summary>Failures, and slow syncs, that are kept in memory to be looked at.</summary>
    internal const int TroublesMax = 1000;

    /// <summary>How long a trouble is remembered.</summary>
    internal static readonly TimeSpan TroublesPeriod = TimeSpan.FromHours(6);

    /// <summary>A list is compressed in parts of so many bytes, each of which can be read by itself: what a resumed campaign reads in vain.</summary>
    internal const int ListPartBytes = 4 << 20;

    /// <summary>Whose host another campaign goes first on is asked again at the latest after this: mostly the other's next end wakes it.</summary>
    internal static readonly TimeSpan GiveWayPeriod = TimeSpan.FromSeconds(1);

    /// <summary>A timer is set for no longer: it can count 49 days, and a brake may be for longer.</summary>
    internal static readonly TimeSpan TimerMax = TimeSpan.FromDays(1);

    /// <summary>A campaign's name: a line of a screen.</summary>
    public const int CampaignNameMax = 200;

    /// <summary>Priorities go from minus to plus this.</summary>
    public const int CampaignPriorityMax = 100;

    /// <summary>A repository of a chunk whose visits we cut off (a permit lapsed, a process ended) is tried so often again before it waits for the next claim.</summary>
    internal const int CutOffsMax = 3;

    /// <summary>Claims of a chunk after which what its hosts still refuse ends so: with silences of minutes to hours between, days.</summary>
    internal const int ChunkPatience = 10;

    /// <summary>Claims of a chunk after which what its host does not answer ends as unreachable: a quarter of an hour apart, so an hour.</summary>
    internal const int ChunkPatienceDown = 4;

    /// <summary>A chunk that failed for a reason of ours is left alone so long: whatever it was is not repeated at full speed.</summary>
    internal static readonly TimeSpan FailedChunkPause = TimeSpan.FromMinutes(1);
}
