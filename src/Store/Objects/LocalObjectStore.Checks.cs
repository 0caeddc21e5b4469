using System.Diagnostics.CodeAnalysis;
using Actors.Git.Objects;
using Actors.Store.Checks;
using Actors.Store.Index;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class LocalObjectStore
{
    /// <summary>For checks: the index over all packs.</summary>
    internal ObjectIndex ObjectIndex => _index;

    Task<IReadOnlyList<CheckedPack>> ICheckedStore.ListPacksAsync(CancellationToken cancellationToken)
    {
        RefreshIfDue(force: true);
        return Task.FromResult<IReadOnlyList<CheckedPack>>([.. _packs.Sizes().Select(one => new CheckedPack(one.Name, one.Name, one.PackBytes))]);
    }

    Task<CheckedPackLease?> ICheckedStore.RentPackAsync(Oid key, bool whole, CancellationToken cancellationToken) => Task.FromResult(
        _packs.TryRent(key, out PackLease? lease) ? new CheckedPackLease(key, lease.Pack, _layout.PackFile(key), _layout.IndexFile(key), lease) : null);

    Task<Oid?[]> ICheckedStore.FindPacksAsync(ReadOnlyMemory<Oid> oids, CancellationToken cancellationToken)
    {
        ObjectIndex index = _index;
        int[] numbers = new int[oids.Length];
        index.Locate(oids.Span, numbers);
        return Task.FromResult(Array.ConvertAll(numbers, number => number < 0 ? (Oid?)null : index.PackOf(number)));
    }

    /// <summary>For checks: false when the pack was merged into another one meanwhile.</summary>
    internal bool TryRentPack(Oid pack, [NotNullWhen(true)] out PackLease? lease) => _packs.TryRent(pack, out lease);
}
