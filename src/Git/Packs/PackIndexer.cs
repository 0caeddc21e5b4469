using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>Indexes a pack in one pass over its bytes as they arrive.</summary>
public static partial class PackIndexer
{
    /// <summary>
    /// Reads <paramref name="pack"/> to its end, writes it and its index to the files named, and lists outgoing references.
    /// Every oid is computed here. After a failure no file is left.
    /// </summary>
    /// <exception cref="GitFormatException">The pack is damaged, thin without bases, or over a limit.</exception>
    /// <exception cref="IOException">Reading the stream or writing a file failed.</exception>
    public static partial Task<PackIndexResult> IndexAsync(Stream pack, PackIndexOptions options, CancellationToken cancellationToken);

    /// <summary>Reads a small pack whole into memory, e.g. the answer to a shallow commit probe: each object with its oid. Nothing is written.</summary>
    /// <param name="pack">Read to its end.</param>
    /// <param name="bases">Where bases of a thin pack are read, or null.</param>
    /// <param name="limits">Bounds; keep <see cref="PackLimits.MemoryBytesMax"/> small: it bounds the sum of the objects here.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="GitFormatException">As for <see cref="IndexAsync"/>.</exception>
    public static partial Task<IReadOnlyList<KeyValuePair<Oid, GitObject>>> ReadObjectsAsync(
        Stream pack, IObjectSource? bases, PackLimits limits, CancellationToken cancellationToken);
}
