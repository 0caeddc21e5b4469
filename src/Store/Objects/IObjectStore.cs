using Actors.Git.Objects;

namespace Actors.Store.Objects;

/// <summary>
/// The global object store: each object once, closed under reachability. An object is visible only when everything that
/// it reaches is visible too (gitlinks excepted), so any object found here may be offered as a have, whoever brought it.
/// Safe for any number of readers and ingests at once. Nothing visible is ever removed.
/// </summary>
public interface IObjectStore : IObjectSource, IAsyncDisposable
{
    /// <summary>Membership of a batch. The order is the caller's; sorted batches are fastest.</summary>
    /// <param name="oids">What to look for.</param>
    /// <param name="present">As long as <paramref name="oids"/>; each place is set.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken);

    /// <summary>Types of a batch, without inflating contents; <see cref="ObjectType.None"/> where an object is not here.</summary>
    ValueTask ReadTypesAsync(ReadOnlyMemory<Oid> oids, Memory<ObjectType> types, CancellationToken cancellationToken);

    /// <summary>Begins to take in the packs of one sync: they become visible together, or not at all.</summary>
    Task<IPackIngest> BeginIngestAsync(IngestOptions options, CancellationToken cancellationToken);

    /// <summary>Packs that are kept aside, oldest first.</summary>
    IAsyncEnumerable<AsidePack> ListAsideAsync(CancellationToken cancellationToken);

    /// <summary>Looks whether what packs aside lacked has come from elsewhere, and makes those that are closed now visible.</summary>
    /// <returns>How many packs became visible.</returns>
    Task<int> ReconsiderAsideAsync(CancellationToken cancellationToken);

    /// <summary>Writes one self-contained pack of exactly the given objects, reusing stored deltas whose base is among them.</summary>
    /// <returns>The pack's checksum.</returns>
    /// <exception cref="KeyNotFoundException">An object is not in the store.</exception>
    Task<Oid> WritePackAsync(IReadOnlyList<Oid> oids, Stream destination, CancellationToken cancellationToken);

    /// <summary>As <see cref="WritePackAsync"/>, to a new file, with its index beside it. After a failure neither is left.</summary>
    /// <param name="oids">Which objects.</param>
    /// <param name="packPath">Must not exist.</param>
    /// <param name="indexPath">Must not exist.</param>
    /// <param name="progress">Told the bytes written so far; what it throws ends the writing.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>The pack's checksum.</returns>
    /// <exception cref="KeyNotFoundException">An object is not in the store.</exception>
    Task<Oid> WritePackFilesAsync(
        IReadOnlyList<Oid> oids, string packPath, string indexPath, IProgress<long>? progress, CancellationToken cancellationToken) =>
        PackFiles.WriteAsync(this, oids, packPath, indexPath, progress, cancellationToken);

    /// <summary>Merges packs and index runs, while readers and ingests go on.</summary>
    Task<CompactionResult> CompactAsync(CompactionOptions options, CancellationToken cancellationToken);

    /// <summary>Sizes, for people.</summary>
    ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken);
}
