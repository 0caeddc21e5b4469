namespace Actors.Sync;

/// <summary>What remotes, lists and forges may cost a sync at most. Each figure has its reason.</summary>
public static partial class Limits
{
    /// <summary>A line in a report and a cell in the head database, not a log.</summary>
    public const int ErrorCharsMax = 1000;

    /// <summary>A remote that asks for years is mistaken or hostile; after a week one more request harms nobody.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(7);

    /// <summary>A longer deadline than a timer can count (49 days) is none.</summary>
    public static readonly TimeSpan SyncTimeMax = TimeSpan.FromDays(40);

    /// <summary>Haves of one fetch. Two to four rounds; a server knows one of the first few hundred or none.</summary>
    public const int HavesMax = 2048;

    /// <summary>git's own client sends 16 haves in its first round: each one that the server has costs 53 bytes of answer.</summary>
    public const int FirstHaves = 16;

    /// <summary>Heads that changed since the last visit and are named as haves; the wants that start elsewhere find their way by a probe.</summary>
    public const int MovedHeadsMax = 64;

    /// <summary>Lines of history that are sampled when nothing better is known. Each costs reading up to <see cref="SampledLineLength"/> commits, some 30 µs each.</summary>
    public const int SampledLinesMax = 8;

    /// <summary>Commits of a sampled line, by first parents: a rewrite that goes deeper is a new history.</summary>
    public const int SampledLineLength = 1024;

    /// <summary>Places asked for between two of a line: one request of 3 KB.</summary>
    public const int BisectPlacesMax = 64;

    /// <summary>Three rounds find one place of <see cref="SampledLineLength"/>.</summary>
    public const int BisectRoundsMax = 3;

    /// <summary>A commit's own bytes, when read for its parents. Real ones stay under 100 KB; merges with many signed tags reach some MB.</summary>
    public const int CommitBytesMax = 16 << 20;

    /// <summary>Tips of a related repository whose commits are probed; the haves found for these serve the others.</summary>
    public const int ProbedTipsMax = 64;

    /// <summary>As above for the first look, which mostly serves to find something in common: HEAD and one more, some KB each.</summary>
    public const int FirstProbedTipsMax = 2;

    /// <summary>Bytes of all commits above what is common: some 1,500. A fork with more is looked at by depth.</summary>
    public const int ProbeAboveBytesMax = 512 << 10;

    /// <summary>Bytes of one commit probe: some 3,000 commits. Past that, the whole history without blobs costs little more.</summary>
    public const int CommitProbeBytesMax = 1 << 20;

    /// <summary>Inflated bytes of the answer to a probe: commits deflate to about half, trees hardly.</summary>
    public const int ProbeMemoryBytesMax = 32 << 20;

    /// <summary>Bytes of one tip's trees: some 80,000 files.</summary>
    public const int TreeSampleBytesMax = 4 << 20;

    /// <summary>A history of so few commits holds few versions of any file.</summary>
    public const int ShortHistoryCommits = 100;

    /// <summary>Trees named as haves: 800 cost a server 0.3 s, tens of thousands many seconds.</summary>
    public const int KnownTreesMax = 500;

    /// <summary>Blobs wanted in one request: 2.5 MB of request. One request costs a server least.</summary>
    public const int WantsMax = 50_000;

    /// <summary>A second request for what a pack lacks; a server that left out more was not merely careless.</summary>
    public const int MissingWantsMax = 10_000;

    /// <summary>Forks of forks that are gone through to find one that was visited: longer lines of them share little with their end.</summary>
    internal const int ForkGenerationsMax = 4;
}
