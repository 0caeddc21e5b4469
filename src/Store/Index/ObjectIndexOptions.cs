using System.Security.Cryptography;

namespace Actors.Store.Index;

/// <summary>How an object index uses memory and disk.</summary>
internal sealed record ObjectIndexOptions
{
    /// <summary>Defaults of a store on a local disk.</summary>
    public static ObjectIndexOptions Default { get; } = new();

    /// <summary>Oids in the memory table when it is full and waits to become a run: 12 MB. A pack of an eighth of that goes to a run at once.</summary>
    public int MemoryOidsMax { get; init; } = 256 * 1024;

    /// <summary>Full memory tables that may wait for <see cref="ObjectIndex.MergeStep"/>; when there are more, whoever adds a pack writes them.</summary>
    public int WaitingTablesMax { get; init; } = 2;

    /// <summary>Packs in the memory table when it is full, however small they are: few pack indexes are read again after a crash.</summary>
    public int MemoryPacksMax { get; init; } = 4096;

    /// <summary>Bits of filter for each oid: 12 give one false "maybe" in 180.</summary>
    public int FilterBitsPerOid { get; init; } = 12;

    /// <summary>A run is left alone when it is at least so many times as large as all smaller runs together.</summary>
    public int MergeFactor { get; init; } = 2;

    /// <summary>Runs up to so many bytes in all are read and checked whole when the index is opened; of the others only the headers, until they are merged or <see cref="ObjectIndex.Verify"/> is asked.</summary>
    public long CheckedBytesMax { get; init; } = 256L << 20;

    /// <summary>Flush files and directory entries to the disk before they count.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>Spreads the memory table, so that nobody outside can aim at one of its places.</summary>
    public ulong Seed { get; init; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
