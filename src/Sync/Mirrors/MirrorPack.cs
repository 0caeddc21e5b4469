using Actors.Git.Objects;

namespace Actors.Sync.Mirrors;

/// <summary>A pack of a mirror.</summary>
/// <param name="Name">Its checksum.</param>
/// <param name="PackBytes">Bytes of the pack.</param>
/// <param name="IndexBytes">Bytes of its index.</param>
/// <param name="Objects">Objects in it.</param>
public sealed record MirrorPack(Oid Name, long PackBytes, long IndexBytes, long Objects);
