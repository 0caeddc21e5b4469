namespace Actors.Loaders;

public static partial class Limits
{
    /// <summary>Bytes of one page of a listing: a gitweb index of 30,000 projects has some 30 MB, a page of an API less than one.</summary>
    public const int ListingBytesMax = 64 << 20;

    /// <summary>Repositories that are handed on together: one transaction of the listings, and what a crash repeats.</summary>
    public const int ListedTogetherMax = 500;

    /// <summary>Likewise, where each of them costs a request of its own.</summary>
    public const int AskedTogetherMax = 32;

    /// <summary>Requests for single repositories at once; the host's policy may allow fewer.</summary>
    public const int AskedAtOnce = 8;

    /// <summary>Characters of an address that a forge names as its next page, and so of a cursor: servers take some 8,000.</summary>
    public const int CursorCharsMax = 8_000;

    /// <summary>Characters of a repository's address: what a list's line may have.</summary>
    public const int ListedUrlCharsMax = 2_000;

    /// <summary>Attempts of one page on broken connections, 5xx, and answers that cannot be read.</summary>
    public const int ListingAttemptsMax = 6;

    /// <summary>Times that a page is asked again because the host asked for patience: with an hour each, a listing ends by itself after days.</summary>
    public const int ListingThrottlingsMax = 50;

    /// <summary>A longer silence ends the listing, to be resumed: GitHub's and GitLab's longest window is an hour.</summary>
    public static readonly TimeSpan ListingWaitMax = TimeSpan.FromMinutes(65);

    /// <summary>The first wait after a 403 without a word of when to come again, from a host that has served this listing: docs.github.com asks for "at least one minute".</summary>
    public static readonly TimeSpan ListingRefusedWait = TimeSpan.FromMinutes(1);

    /// <summary>The first wait after other failures; each further one is twice as long.</summary>
    public static readonly TimeSpan ListingFirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Names that a query gives to be looked up: the largest distribution has 40,000 source packages.</summary>
    public const int QueriedNamesMax = 5_000_000;

    /// <summary>Bytes of one paragraph of a distribution's Sources: the largest, with thousands of binary packages, have some 100 kB.</summary>
    public const int SourceParagraphBytesMax = 4 << 20;
}
