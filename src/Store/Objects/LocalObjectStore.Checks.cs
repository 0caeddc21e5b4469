using System.Diagnostics.CodeAnalysis;
using Actors.Git.Objects;
using Actors.Store.Index;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class LocalObjectStore
{
    /// <summary>For checks: the index over all packs.</summary>
    internal ObjectIndex ObjectIndex => _index;

    /// <summary>For checks: where the files are.</summary>
    internal StoreLayout Layout => _layout;

    /// <summary>For checks: what is visible now.</summary>
    internal IReadOnlyList<PackSize> ListVisiblePacks()
    {
        RefreshIfDue(force: true);
        return _packs.Sizes();
    }

    /// <summary>For checks: false when the pack was merged into another one meanwhile.</summary>
    internal bool TryRentPack(Oid pack, [NotNullWhen(true)] out PackLease? lease) => _packs.TryRent(pack, out lease);
}
