using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Fuzz.Targets;

/// <summary>
/// Whole packs, read into memory: the code that indexes files. The trailer is made right, else nothing but it would be
/// tried; what comes out must hash to its oid.
/// </summary>
public sealed class PackTarget : IFuzzTarget
{
    private static readonly PackLimits Limits = new() { ObjectBytesMax = 1 << 20, MemoryBytesMax = 4 << 20, PackBytesMax = 1 << 20, DeltaDepthMax = 50 };

    public string Name => "pack";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            byte[] blob = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];
            byte[] whole = Entry(PackEntryHeader.Whole(ObjectType.Blob, blob.Length), blob);
            byte[] delta = [60, 10, 0x91, 3, 10];
            byte[] offset = Entry(new PackEntryHeader(PackEntryType.OfsDelta, delta.Length, whole.Length, default), delta);
            byte[] second = [10, 2, 0x90, 2];
            byte[] chained = Entry(new PackEntryHeader(PackEntryType.OfsDelta, second.Length, offset.Length, default), second);
            byte[] named = Entry(new PackEntryHeader(PackEntryType.RefDelta, delta.Length, 0, ObjectHash.Compute(ObjectType.Blob, blob)), delta);
            byte[] tree = [.. "40000 a\0"u8, .. new byte[20], .. "100644 b\0"u8, .. blob[..20]];
            byte[] commit = [.. "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\n"u8];
            yield return Pack(0);
            yield return Pack(1, whole);
            yield return Pack(3, whole, offset, chained);
            yield return Pack(2, whole, named);
            yield return Pack(2, named, whole);
            yield return Pack(2, Entry(PackEntryHeader.Whole(ObjectType.Tree, tree.Length), tree), Entry(PackEntryHeader.Whole(ObjectType.Commit, commit.Length), commit));
        }
    }

    public IEnumerable<byte[]> Dictionary => [[0x78, 0x9c], [0x78, 0x01], "PACK"u8.ToArray(), [0, 0, 0, 2], [0x61], [0x71], [0x3f], [0x9f, 0x01], [0x78, 0x9c, 3, 0, 0, 0, 0, 1]];

    public int Iterations => 8_000;

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] pack = input.ToArray();
        if (pack.Length >= 32)
        {
            SHA1.HashData(pack.AsSpan(0, pack.Length - 20), pack.AsSpan(pack.Length - 20));
        }

        IReadOnlyList<KeyValuePair<Git.Objects.Oid, GitObject>> objects =
            PackIndexer.ReadObjectsAsync(new MemoryStream(pack), null, Limits, CancellationToken.None).GetAwaiter().GetResult();
        foreach ((Git.Objects.Oid oid, GitObject value) in objects)
        {
            if (ObjectHash.Compute(value.Type, value.Content.Span) != oid)
            {
                throw new InvalidOperationException("An object does not hash to its oid.");
            }

            // References of whatever objects there are: refused, or read.
            try
            {
                _ = ObjectReferences.List(value.Type, value.Content.Span);
            }
            catch (Git.GitFormatException)
            {
            }
        }
    }

    private static byte[] Entry(PackEntryHeader header, byte[] content)
    {
        byte[] bytes = new byte[PackEntryHeader.LengthMax];
        int length = header.Write(bytes);
        var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest))
        {
            zlib.Write(content);
        }

        return [.. bytes[..length], .. stream.ToArray()];
    }

    private static byte[] Pack(uint count, params byte[][] entries)
    {
        byte[] header = [.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), count);
        return [.. header, .. entries.SelectMany(entry => entry), .. new byte[20]];
    }
}
