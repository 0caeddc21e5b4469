using Actors.Git.Objects;

namespace Actors.Git.Packs;

public static partial class PackIndexer
{
    public static partial Task<PackIndexResult> IndexAsync(Stream pack, PackIndexOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Being written in this issue.");

    public static partial Task<IReadOnlyList<KeyValuePair<Oid, GitObject>>> ReadObjectsAsync(
        Stream pack, IObjectSource? bases, PackLimits limits, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Being written in this issue.");
}
