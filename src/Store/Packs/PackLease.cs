namespace Actors.Store.Packs;

/// <summary>A rented pack: readable until disposed, also when it is removed from the store meanwhile.</summary>
internal sealed class PackLease(PackTable table, PackSlot slot, IndexedPack pack) : IDisposable
{
    private bool _returned;

    public IndexedPack Pack { get; } = pack;

    public void Dispose()
    {
        if (!_returned)
        {
            _returned = true;
            table.Return(slot);
        }
    }
}
