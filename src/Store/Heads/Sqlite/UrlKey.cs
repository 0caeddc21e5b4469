using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Actors.Store.Heads.Sqlite;

/// <summary>The key under which a URL is indexed. SHA-256: a hostile list cannot make keys collide.</summary>
internal static class UrlKey
{
    public static long Of(ReadOnlySpan<byte> url)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(url, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
