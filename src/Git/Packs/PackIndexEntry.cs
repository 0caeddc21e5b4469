using System.Runtime.InteropServices;
using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>One line of a pack index.</summary>
/// <param name="Oid">The object.</param>
/// <param name="Crc">CRC-32 of the entry's bytes in the pack, header included.</param>
/// <param name="Offset">Where the entry starts in the pack.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct PackIndexEntry(Oid Oid, uint Crc, long Offset);
