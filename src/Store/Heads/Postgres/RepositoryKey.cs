using System.Security.Cryptography;
using System.Text;
using Actors.Git.Remotes;

namespace Actors.Store.Heads.Postgres;

/// <summary>The key of a repository's row: the first 16 bytes of SHA-256 of its URL, as PostgreSQL's uuid.</summary>
internal static class RepositoryKey
{
    public static Guid Of(RepositoryUrl url)
    {
        string text = url.ToString();
        int lengthMax = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = lengthMax <= 1024 ? stackalloc byte[1024] : new byte[lengthMax];
        int length = Encoding.UTF8.GetBytes(text, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(bytes[..length], hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The order in which PostgreSQL sorts keys. All processes lock rows in it, so that none waits for another in a circle.</summary>
    public static int Compare(Guid left, Guid right)
    {
        Span<byte> a = stackalloc byte[16];
        Span<byte> b = stackalloc byte[16];
        _ = left.TryWriteBytes(a, bigEndian: true, out _);
        _ = right.TryWriteBytes(b, bigEndian: true, out _);
        return a.SequenceCompareTo(b);
    }
}
