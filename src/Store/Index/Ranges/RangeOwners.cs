using System.Buffers.Binary;
using System.Security.Cryptography;
using Actors.Store.Catalogue;

namespace Actors.Store.Index.Ranges;

/// <summary>
/// Which process should have which range: rendezvous hashing, so that everybody who sees the same processes comes to the same answer,
/// and a process that comes or goes moves its own ranges only. Who is next in a range's order had it before the newest came, or will
/// have it when the first one dies.
/// </summary>
internal static class RangeOwners
{
    /// <summary>Processes in the order in which they should have a range.</summary>
    public static IReadOnlyList<IndexProcess> Ranked(int range, IEnumerable<IndexProcess> processes) =>
        [.. processes.OrderByDescending(process => ScoreOf(range, process.Id)).ThenBy(process => process.Id)];

    private static ulong ScoreOf(int range, long process)
    {
        Span<byte> bytes = stackalloc byte[12];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, range);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[4..], process);
        _ = SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
