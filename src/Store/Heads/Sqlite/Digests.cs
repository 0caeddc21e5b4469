using System.Buffers.Binary;
using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>Advertisement digests as 16 bytes.</summary>
internal static class Digests
{
    public static void Write(AdvertisementDigest digest, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, digest.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], digest.Low);
    }

    public static AdvertisementDigest Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
}
