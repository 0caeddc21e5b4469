using System.Buffers.Binary;
using System.Text;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Store.Heads.Postgres;

/// <summary>Our values as PostgreSQL's, and back.</summary>
internal static class HeadValues
{
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>An array of bytea, which the type alone does not tell from bytes.</summary>
    public static NpgsqlParameter OfBytes(byte[]?[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    public static byte[] Bytes(SnapshotId id)
    {
        byte[] bytes = new byte[Oid.Length];
        id.CopyTo(bytes);
        return bytes;
    }

    /// <summary>A snapshot's key: the first 16 bytes of its id.</summary>
    public static Guid Key(SnapshotId id)
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        id.CopyTo(bytes);
        return new Guid(bytes[..16], bigEndian: true);
    }

    /// <summary>The last four bytes of a snapshot's id, big-endian.</summary>
    public static int Tail(SnapshotId id)
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        id.CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes[16..]);
    }

    public static SnapshotId Id(Guid key, int tail)
    {
        Span<byte> bytes = stackalloc byte[Oid.Length];
        _ = key.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], tail);
        return SnapshotId.FromBytes(bytes);
    }

    public static Guid Key(AdvertisementDigest digest)
    {
        Span<byte> bytes = stackalloc byte[AdvertisementDigest.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, digest.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], digest.Low);
        return new Guid(bytes, bigEndian: true);
    }

    public static AdvertisementDigest Digest(Guid key)
    {
        Span<byte> bytes = stackalloc byte[AdvertisementDigest.Length];
        _ = key.TryWriteBytes(bytes, bigEndian: true, out _);
        return new AdvertisementDigest(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <exception cref="FormatException">Not 20 bytes.</exception>
    public static SnapshotId Id(byte[] bytes) =>
        bytes.Length == Oid.Length ? SnapshotId.FromBytes(bytes) : throw new FormatException($"a snapshot's id has {bytes.Length} bytes");

    public static byte[] Bytes(IReadOnlyList<Oid> oids)
    {
        byte[] bytes = new byte[oids.Count * Oid.Length];
        for (int i = 0; i < oids.Count; i++)
        {
            oids[i].CopyTo(bytes.AsSpan(i * Oid.Length));
        }

        return bytes;
    }

    public static Oid[] Oids(ReadOnlySpan<byte> bytes)
    {
        Oid[] oids = new Oid[bytes.Length / Oid.Length];
        for (int i = 0; i < oids.Length; i++)
        {
            oids[i] = Oid.FromBytes(bytes[(i * Oid.Length)..]);
        }

        return oids;
    }

    /// <summary>Text that PostgreSQL takes: it has no NUL, and every character is whole.</summary>
    public static string? Text(string? text)
    {
        if (text is null || (!text.Contains('\0', StringComparison.Ordinal) && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')))
        {
            return text;
        }

        // Encoding puts U+FFFD where half a character stood.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\ufffd')));
    }
}
