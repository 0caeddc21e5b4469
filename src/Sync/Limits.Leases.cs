namespace Actors.Sync;

public static partial class Limits
{
    /// <summary>A silo's units of a forge host are its own for so long after a call: two lost calls, and a pause for collection.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>A silo stops so much earlier than the owner takes back: for clocks that run unevenly and syncs that are slow to cancel.</summary>
    public static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(5);

    /// <summary>A silo says again what it holds: three times within a lease.</summary>
    public static readonly TimeSpan LeaseRenewal = TimeSpan.FromSeconds(8);

    /// <summary>Starts are leased so far ahead: one call a second serves a host at any rate.</summary>
    public static readonly TimeSpan StartsHorizon = TimeSpan.FromSeconds(2);

    /// <summary>Starts may be begun so much later than the owner reckons, its answer's way included; then they are void. So silence reaches all silos in this time and the horizon, even where its news is lost.</summary>
    public static readonly TimeSpan StartsPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A start whose turn came and that nobody used is void after this, or after one turn: a pause for collection, not a stall that is made up for. And one that was
    /// used, by whom did not come to ask the host within as long: of a silo that stands still all that were on their way would ask at once.
    /// </summary>
    public static readonly TimeSpan StartsLateness = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Of a ceiling, so much is leased: what comes late by <see cref="StartsLateness"/>, and by the way from the permit to the request in a silo that stood still,
    /// finds room below it. Of nine tenths a host that permits 60 a second saw 64 in one, of sixty silos on two cores (cluster-chaos.md).
    /// </summary>
    public const double LeasedShare = 0.8;

    /// <summary>An owner that has not confirmed that it still is the owner for so long grants nothing: after that and a lease, another may.</summary>
    public static readonly TimeSpan OwnershipTime = TimeSpan.FromSeconds(10);

    /// <summary>As above, of versions that did not write how long they answer.</summary>
    internal static readonly TimeSpan OwnershipTimeUnsaid = TimeSpan.FromSeconds(20);

    /// <summary>Evidence that nothing hurries is told so often.</summary>
    public static readonly TimeSpan EvidencePeriod = TimeSpan.FromSeconds(1);

    /// <summary>A call that found nothing to have asks again after this, where nothing tells better.</summary>
    public static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>However long a host wants silence, who has work for it asks again after this: an operator may have lifted a brake.</summary>
    public static readonly TimeSpan AskAgainMax = TimeSpan.FromSeconds(10);

    /// <summary>Two calls of one silo about one host are so far apart, unless something hurries.</summary>
    public static readonly TimeSpan CallSpacing = TimeSpan.FromMilliseconds(100);

    /// <summary>Entries of one call: beyond, a silo tells the rest with the next.</summary>
    public const int EvidenceEntriesMax = 200;

    /// <summary>Ends in one entry: ten seconds of a host that answers 10,000 a second.</summary>
    public const int EvidenceCountMax = 100_000;

    /// <summary>Silos that one host's budget knows at once: a cluster has hundreds at most.</summary>
    public const int LeasesMax = 4_000;

    /// <summary>Starts of one grant: two seconds of the fastest host ever met.</summary>
    public const int StartsMax = 20_000;
}
