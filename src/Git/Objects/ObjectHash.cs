using System.Buffers.Text;
using System.Security.Cryptography;

namespace Actors.Git.Objects;

/// <summary>Computes object ids: SHA-1 over <c>type length\0</c> and the content (gitformat-loose, "object header").</summary>
public static class ObjectHash
{
    /// <summary>No header is longer: <c>commit</c>, a space, 19 digits, NUL.</summary>
    public const int HeaderLengthMax = 32;

    private const int OnStackMax = 1024;

    /// <summary>The id of an object.</summary>
    public static Oid Compute(ObjectType type, ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Oid.Length];
        if (content.Length <= OnStackMax - HeaderLengthMax)
        {
            Span<byte> whole = stackalloc byte[OnStackMax];
            int length = WriteHeader(type, content.Length, whole);
            content.CopyTo(whole[length..]);
            SHA1.HashData(whole[..(length + content.Length)], hash);
            return Oid.FromBytes(hash);
        }

        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        Span<byte> header = stackalloc byte[HeaderLengthMax];
        sum.AppendData(header[..WriteHeader(type, content.Length, header)]);
        sum.AppendData(content);
        sum.GetHashAndReset(hash);
        return Oid.FromBytes(hash);
    }

    /// <summary>Writes <c>type length\0</c> to the start of <paramref name="destination"/> (<see cref="HeaderLengthMax"/> bytes); returns its length.</summary>
    public static int WriteHeader(ObjectType type, long contentLength, Span<byte> destination)
    {
        ReadOnlySpan<byte> name = NameAndSpace(type);
        name.CopyTo(destination);
        _ = Utf8Formatter.TryFormat(contentLength, destination[name.Length..], out int digits);
        destination[name.Length + digits] = 0;
        return name.Length + digits + 1;
    }

    /// <summary>
    /// The id of the content at <paramref name="content"/>, hashed in one call: the header is written over the
    /// <see cref="HeaderLengthMax"/> bytes before it, which belong to the caller.
    /// </summary>
    internal static unsafe Oid ComputeInPlace(ObjectType type, byte* content, long length)
    {
        Span<byte> header = stackalloc byte[HeaderLengthMax];
        Span<byte> hash = stackalloc byte[Oid.Length];
        int headerLength = WriteHeader(type, length, header);
        byte* start = content - headerLength;
        header[..headerLength].CopyTo(new Span<byte>(start, headerLength));
        long whole = length + headerLength;
        if (whole <= int.MaxValue)
        {
            SHA1.HashData(new ReadOnlySpan<byte>(start, (int)whole), hash);
            return Oid.FromBytes(hash);
        }

        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        for (long done = 0; done < whole;)
        {
            int part = (int)Math.Min(whole - done, 1 << 30);
            sum.AppendData(new ReadOnlySpan<byte>(start + done, part));
            done += part;
        }

        sum.GetHashAndReset(hash);
        return Oid.FromBytes(hash);
    }

    private static ReadOnlySpan<byte> NameAndSpace(ObjectType type) => type switch
    {
        ObjectType.Commit => "commit "u8,
        ObjectType.Tree => "tree "u8,
        ObjectType.Blob => "blob "u8,
        ObjectType.Tag => "tag "u8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "An object has one of four types."),
    };
}
