namespace Actors.Store.Packs;

/// <summary>A rented pack: readable until disposed, also when it is removed from the store meanwhile.</summary>
/// <param name="pack">The pack.</param>
/// <param name="giveBack">Called once, at the end.</param>
internal sealed class PackLease(IndexedPack pack, Action giveBack) : IDisposable
{
    private bool _returned;

    public IndexedPack Pack { get; } = pack;

    public void Dispose()
    {
        if (!_returned)
        {
            _returned = true;
            giveBack();
        }
    }
}
