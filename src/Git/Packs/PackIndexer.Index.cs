using Actors.Git.Objects;
using Actors.Git.Packs.Indexing;

namespace Actors.Git.Packs;

public static partial class PackIndexer
{
    public static partial Task<PackIndexResult> IndexAsync(Stream pack, PackIndexOptions options, CancellationToken cancellationToken) =>
        IndexSession.RunAsync(pack, options, cancellationToken);

    /// <summary>
    /// Indexes a pack that is in <see cref="PackIndexOptions.PackPath"/> already. The pack stays after a failure; a thin one is
    /// completed in place.
    /// </summary>
    /// <exception cref="GitFormatException">As for <see cref="IndexAsync"/>.</exception>
    public static Task<PackIndexResult> IndexFileAsync(PackIndexOptions options, CancellationToken cancellationToken) =>
        IndexSession.RunInPlaceAsync(options, cancellationToken);

    public static partial Task<IReadOnlyList<KeyValuePair<Oid, GitObject>>> ReadObjectsAsync(
        Stream pack, IObjectSource? bases, PackLimits limits, CancellationToken cancellationToken) =>
        IndexSession.ReadAsync(pack, bases, limits, cancellationToken);
}
