using Actors.Git.Objects;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>A pack on its way: the objects that are in it. What travels is its number; a store that shares the fleet's packs finds it by that.</summary>
/// <param name="Number">Of the pack.</param>
/// <param name="Objects">In it.</param>
/// <param name="IsBent">Its bytes cannot be right.</param>
internal sealed record FleetPack(int Number, IReadOnlyList<KeyValuePair<Oid, GitObject>> Objects, bool IsBent)
{
    /// <summary>Bytes that stand for one object.</summary>
    public const int ObjectBytes = 16;

    /// <summary>The number, and as much as its size would have it.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[sizeof(int) + (ObjectBytes * Objects.Count)];
        BitConverter.TryWriteBytes(bytes, Number);
        return bytes;
    }
}
