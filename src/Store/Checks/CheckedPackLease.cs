using Actors.Git.Objects;
using Actors.Store.Packs;

namespace Actors.Store.Checks;

/// <summary>A pack rented to be checked.</summary>
internal sealed class CheckedPackLease(Oid key, IndexedPack pack, string packPath, string indexPath, IDisposable lease) : IDisposable
{
    public Oid Key { get; } = key;

    public IndexedPack Pack { get; } = pack;

    /// <summary>Its file, whole if that was asked for.</summary>
    public string PackPath { get; } = packPath;

    public string IndexPath { get; } = indexPath;

    public void Dispose() => lease.Dispose();
}
