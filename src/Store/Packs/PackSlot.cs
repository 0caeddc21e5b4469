namespace Actors.Store.Packs;

/// <summary>One pack's place in the <see cref="PackTable"/>, whose gate guards it.</summary>
internal sealed class PackSlot(PackSize size)
{
    public PackSize Size { get; } = size;

    /// <summary>Mapped, or null.</summary>
    public IndexedPack? Pack { get; set; }

    /// <summary>Readers that have it just now.</summary>
    public int Rents { get; set; }

    /// <summary>Its place among the mapped packs, longest unused first; null: to be unmapped when the last reader returns it.</summary>
    public LinkedListNode<PackSlot>? Listed { get; set; }
}
