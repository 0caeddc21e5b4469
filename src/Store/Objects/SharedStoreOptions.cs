using System.Net;
using Actors.Store.Index.Ranges;

namespace Actors.Store.Objects;

/// <summary>How a process uses a shared store.</summary>
public sealed record SharedStoreOptions
{
    /// <summary>Limits for a machine with a local disk of some ten gigabytes to spare.</summary>
    public static SharedStoreOptions Default { get; } = new();

    /// <summary>Bytes of blobs kept on the local disk. What is being read, and packs on their way in, come on top.</summary>
    public long CacheBytesMax { get; init; } = 16L << 30;

    /// <summary>How old this process's view of the visible packs may be when something is looked up: others' commits are seen after that.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a finished ingest waits for others that are still open, to become visible with them in one pack.</summary>
    public TimeSpan GroupWindow { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Bytes of packs that go up together at most; an ingest of as many goes up by itself.</summary>
    public long GroupBytesMax { get; init; } = 64L << 20;

    /// <summary>Compactions make no larger packs: reading one object takes the index of its pack, 30 MB a GB.</summary>
    public long PackBytesMax { get; init; } = 2L << 30;

    /// <summary>So many packs out of the geometric order are merged at once.</summary>
    public int MergedAtOnce { get; init; } = 16;

    /// <summary>How long blobs that a compaction replaced stay, for readers that have not noticed.</summary>
    public TimeSpan ReplacedGrace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long an upload may take before it is taken for a dead process's.</summary>
    public TimeSpan UploadAgeMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The oids of packs with no more objects are in the catalogue, 20 bytes each: a row that PostgreSQL keeps in one piece.</summary>
    internal int OidsInCatalogueMax { get; init; } = 90;

    /// <summary>Packs mapped at once; each takes two of the process's mappings, of which systems allow 65,530.</summary>
    internal int OpenPacksMax { get; init; } = 2048;

    /// <summary>Bytes of inflated delta bases kept for the next reader.</summary>
    internal long BaseCacheBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of a blob that are fetched at least.</summary>
    internal int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Parts that the object index is split in: 1, 2, 4 … 256. Counts only for the process that makes the store; never changed after.</summary>
    public int IndexRanges { get; init; } = 16;

    /// <summary>Where this process answers others' questions to the object index; port 0: any. Null: it does not, and has the whole index on its own disk; else it has the ranges that fall to it.</summary>
    public IPEndPoint? IndexEndPoint { get; init; }

    /// <summary>The name or address by which other processes reach this machine.</summary>
    public string IndexHost { get; init; } = Environment.MachineName;

    /// <summary>How this process takes part in the object index.</summary>
    internal SharedIndexOptions Index { get; init; } = SharedIndexOptions.Default;

    /// <summary>Told the name of each step that others could see, as it is done, so that crash tests can stop there.</summary>
    internal Action<string>? Step { get; init; }
}
