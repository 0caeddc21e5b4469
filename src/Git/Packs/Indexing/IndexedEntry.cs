using System.Runtime.InteropServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>What is kept of an entry while its pack is indexed. 56 bytes, so that millions of them fit.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct IndexedEntry
{
    /// <summary>The object's id, once <see cref="Type"/> is known.</summary>
    [FieldOffset(0)]
    public Oid Oid;

    /// <summary>Before that, where the base of an <see cref="PackEntryType.OfsDelta"/> starts.</summary>
    [FieldOffset(0)]
    public long BaseOffset;

    /// <summary>Before that, the inflated delta if it was kept, or null.</summary>
    [FieldOffset(8)]
    public unsafe byte* KeptDelta;

    [FieldOffset(20)]
    public uint Crc;

    [FieldOffset(24)]
    public long Offset;

    /// <summary>Inflated bytes of the entry, as its header says.</summary>
    [FieldOffset(32)]
    public uint Size;

    /// <summary>Index of a delta's base, or -1.</summary>
    [FieldOffset(36)]
    public int Base;

    /// <summary>Index of one of the deltas on this entry, or -1.</summary>
    [FieldOffset(40)]
    public int FirstChild;

    /// <summary>Index of another delta on the same base, or -1.</summary>
    [FieldOffset(44)]
    public int NextSibling;

    [FieldOffset(48)]
    public PackEntryType EntryType;

    /// <summary><see cref="ObjectType.None"/> for a delta that is not resolved yet.</summary>
    [FieldOffset(49)]
    public ObjectType Type;

    [FieldOffset(50)]
    public byte HeaderLength;

    public readonly bool IsDelta => EntryType >= PackEntryType.OfsDelta;
}
