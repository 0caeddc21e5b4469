namespace Actors.Store.Packs;

/// <summary>One pack's place in the <see cref="CachedPackTable"/>, whose gate guards it.</summary>
internal sealed class CachedPackSlot(long sequence)
{
    public long Sequence { get; } = sequence;

    /// <summary>Ends when it is open, for all who wait for it.</summary>
    public Task<CachedPack>? Opening { get; set; }

    /// <summary>Readers that have it, or wait for it, just now.</summary>
    public int Rents { get; set; }

    /// <summary>Its place among the packs that are open and rented by nobody, longest unused first.</summary>
    public LinkedListNode<CachedPackSlot>? Idle { get; set; }
}
