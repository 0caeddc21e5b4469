namespace Actors.Store.Packs;

/// <summary>A rented pack of the <see cref="CachedPackTable"/>.</summary>
internal sealed class CachedPackLease(CachedPackTable table, CachedPackSlot slot, CachedPack cached) : IDisposable
{
    private bool _returned;

    public CachedPack Cached { get; } = cached;

    public IndexedPack Pack => Cached.Pack;

    /// <summary>The same pack for code that takes any store's lease. This one is given back with it.</summary>
    public PackLease ToPackLease() => new(Pack, Dispose);

    public void Dispose()
    {
        if (!_returned)
        {
            _returned = true;
            table.Return(slot);
        }
    }
}
