namespace Actors.Web;

/// <content>The API: what one caller may cost.</content>
internal static partial class Limits
{
    /// <summary>All headers of a request: a token, a URL's worth of cookies of others on localhost.</summary>
    public const int HeadersBytesMax = 32 << 10;

    public const int HeadersMax = 100;

    /// <summary>A repository's URL of 2,000 characters, escaped threefold, and the rest of the query.</summary>
    public const int RequestLineBytesMax = 8 << 10;

    /// <summary>Connections: dashboards, consoles and scrapers of a large team, several times over.</summary>
    public const int ConnectionsMax = 5_000;

    /// <summary>Event streams, followed reports and submissions at once: each holds an enumeration of the engine's.</summary>
    public const int StreamsMax = 256;

    /// <summary>Said to who is turned away for the moment.</summary>
    public const int RetryAfterSeconds = 5;

    /// <summary>A small JSON body has two short members.</summary>
    public const int SmallBodyBytesMax = 16 << 10;

    /// <summary>A list, unpacked: 350 million repositories are 21 GB, and heads lines of World of Code ten times that.</summary>
    public const long ListBytesMax = 1L << 40;

    /// <summary>A list may be typed by hand or come from a slow program, but a dead connection is to be noticed.</summary>
    public const double ListBytesPerSecondMin = 1;

    /// <summary>Ages and deadlines in orders: a hundred years, which no arithmetic of times overflows.</summary>
    public const long OrderSecondsMax = 36_500L * 86_400;

    /// <summary>Campaigns of one answer, where none are asked for.</summary>
    public const int CampaignsListed = 100;

    /// <summary>Campaigns of one answer: 2 kB each.</summary>
    public const int CampaignsListedMax = 1_000;

    /// <summary>Failed and slow syncs of one answer, where none are asked for: a screen.</summary>
    public const int TroublesListed = 20;

    /// <summary>Failed and slow syncs of one answer.</summary>
    public const int TroublesListedMax = 200;

    /// <summary>Visits of one answer, where none are asked for.</summary>
    public const int VisitsListed = 100;

    /// <summary>Visits of one answer: 400 bytes each, and errors of a kilobyte.</summary>
    public const int VisitsListedMax = 1_000;

    /// <summary>Hosts with metrics of their own: eight series each. A list of the whole world has 100,000 hosts, most of them with one repository.</summary>
    public const int MetricsHostsMax = 500;

    /// <summary>A host name of DNS (253) and a port.</summary>
    public const int HostCharsMax = 260;

    /// <summary>Lines of one question for missing oids: 8 MB of text, 4 MB in memory.</summary>
    public const int MissingLinesMax = 200_000;

    /// <summary>Those lines, with CR LF.</summary>
    public const int MissingBodyBytesMax = MissingLinesMax * 42;

    /// <summary>An object that is read whole to be sent. Larger ones are for git.</summary>
    public const long ObjectBytesMax = 64L << 20;

    /// <summary>Objects in memory at once to be sent: half a gigabyte at worst.</summary>
    public const int ObjectReadsAtOnce = 8;

    /// <summary>Lines of a report gather so far before they are sent.</summary>
    public const int ReportFlushBytes = 32 << 10;

    /// <summary>A token that cannot be guessed: 96 bits in base 64.</summary>
    public const int TokenCharsMin = 16;

    public const int TokenCharsMax = 512;

    /// <summary>Each presented token is compared with all.</summary>
    public const int TokensMax = 1_000;

    /// <summary>An answer that is no stream takes no longer: load balancers give up by then.</summary>
    public static readonly TimeSpan RequestTimeMax = TimeSpan.FromSeconds(60);

    /// <summary>Headers come at once from any honest client.</summary>
    public static readonly TimeSpan HeadersTimeMax = TimeSpan.FromSeconds(15);

    /// <summary>A list may pause so long.</summary>
    public static readonly TimeSpan ListGrace = TimeSpan.FromMinutes(10);

    /// <summary>Shorter than the minute after which proxies cut silent connections.</summary>
    public static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    /// <summary>A browser whose event stream broke comes again after this.</summary>
    public static readonly TimeSpan EventRetry = TimeSpan.FromSeconds(2);

    /// <summary>What a supervisor waits for at most; Kubernetes' default is one second, which its manifests raise.</summary>
    public static readonly TimeSpan ReadinessTimeMax = TimeSpan.FromSeconds(5);

    /// <summary>Requests that run when the server stops may end for so long.</summary>
    public static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(5);
}
