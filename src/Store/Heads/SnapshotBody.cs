using System.IO.Compression;
using Actors.Git;

namespace Actors.Store.Heads;

/// <summary>An encoded snapshot as a row keeps it: whole or a delta, compressed where that pays.</summary>
/// <param name="Bytes">As stored.</param>
/// <param name="Size">Bytes before compression.</param>
/// <param name="Compressed">By zlib.</param>
internal sealed record SnapshotBody(byte[] Bytes, int Size, bool Compressed)
{
    /// <summary>What to store of an encoded snapshot.</summary>
    /// <exception cref="GitFormatException">It is larger than any repository's heads.</exception>
    public static SnapshotBody Pack(byte[] body)
    {
        if (body.Length > Limits.SnapshotBytesMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"A snapshot of {body.Length} bytes is over the limit of {Limits.SnapshotBytesMax}.");
        }

        byte[]? packed = body.Length < Limits.SnapshotDeltaBytesMin ? null : Compress(body);
        // Ids do not compress: only names make it worth while.
        bool compressed = packed is not null && packed.Length < body.Length * 7 / 8;
        return new SnapshotBody(compressed ? packed! : body, body.Length, compressed);
    }

    /// <summary>The steps from <paramref name="from"/>, or null when they would not spare half of the <paramref name="whole"/>.</summary>
    public static byte[]? DeltaTo(IReadOnlyList<SnapshotBranch> from, Snapshot snapshot, byte[] whole)
    {
        byte[] delta = SnapshotCodec.EncodeDelta(from, snapshot.Branches);
        return delta.Length < whole.Length / 2 ? delta : null;
    }

    /// <summary>The encoded snapshot, or delta, of a row.</summary>
    /// <exception cref="GitFormatException">The row is damaged.</exception>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> stored, long size, bool compressed)
    {
        if (!compressed)
        {
            return stored.ToArray();
        }

        if (size is < 0 or > Limits.SnapshotBytesMax)
        {
            throw new GitFormatException(GitFormatError.OverLimit, $"its size of {size} bytes is over the limit");
        }

        byte[] body = new byte[size];
        using MemoryStream source = new(stored.ToArray());
        using ZLibStream zlib = new(source, CompressionMode.Decompress);
        if (zlib.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) != body.Length || zlib.ReadByte() != -1)
        {
            throw new GitFormatException(GitFormatError.Compression, "its size is not the one announced");
        }

        return body;
    }

    private static byte[] Compress(byte[] body)
    {
        using MemoryStream target = new();
        using (ZLibStream zlib = new(target, CompressionLevel.Optimal))
        {
            zlib.Write(body);
        }

        return target.ToArray();
    }
}
