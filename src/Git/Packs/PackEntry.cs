namespace Actors.Git.Packs;

/// <summary>An entry found in a pack.</summary>
/// <param name="Header">Type, inflated size and base.</param>
/// <param name="Offset">Where the entry starts.</param>
/// <param name="DataOffset">Where its zlib stream starts.</param>
public readonly record struct PackEntry(PackEntryHeader Header, long Offset, long DataOffset)
{
    /// <summary>Where an <see cref="PackEntryType.OfsDelta"/>'s base starts.</summary>
    public long BaseOffset => Offset - Header.BaseDistance;
}
