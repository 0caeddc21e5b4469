using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Actors.Git.Objects;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Tests.Objects;

/// <summary>Builds packs and objects by hand, independent of the code under test.</summary>
internal sealed class TestPack
{
    private readonly List<(int Type, Oid? Base, byte[] Inflated)> _entries = [];

    public static Oid OidOf(ObjectType type, byte[] content) =>
        Oid.FromBytes(SHA1.HashData([.. Encoding.ASCII.GetBytes($"{type.ToName()} {content.Length}\0"), .. content]));

    public static byte[] Blob(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Tree(params (string Mode, string Name, Oid Oid)[] entries)
    {
        var bytes = new List<byte>();
        foreach ((string mode, string name, Oid oid) in entries)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes($"{mode} {name}\0"));
            byte[] raw = new byte[Oid.Length];
            oid.CopyTo(raw);
            bytes.AddRange(raw);
        }

        return [.. bytes];
    }

    public static byte[] Commit(Oid tree, string message, params Oid[] parents) => Encoding.UTF8.GetBytes(
        $"tree {tree}\n{string.Concat(parents.Select(one => $"parent {one}\n"))}author A <a@example.org> 1700000000 +0000\n"
        + $"committer A <a@example.org> 1700000000 +0000\n\n{message}\n");

    public static byte[] Tag(Oid target, ObjectType type, string name) => Encoding.UTF8.GetBytes(
        $"object {target}\ntype {type.ToName()}\ntag {name}\ntagger A <a@example.org> 1700000000 +0000\n\n{name}\n");

    /// <summary>A delta that keeps a common start, then inserts the rest.</summary>
    public static byte[] Delta(byte[] from, byte[] to)
    {
        int same = 0;
        while (same < from.Length && same < to.Length && same < 0xFFFF && from[same] == to[same])
        {
            same++;
        }

        var delta = new List<byte>();
        AddSize(delta, from.Length);
        AddSize(delta, to.Length);
        if (same > 0)
        {
            delta.AddRange([0x80 | 0x10 | 0x20, (byte)same, (byte)(same >> 8)]);
        }

        foreach (byte[] part in to[same..].Chunk(127))
        {
            delta.Add((byte)part.Length);
            delta.AddRange(part);
        }

        return [.. delta];
    }

    public Oid Add(ObjectType type, byte[] content)
    {
        _entries.Add(((int)type, null, content));
        return OidOf(type, content);
    }

    /// <summary>Adds an object as delta by base id; the base may be outside (thin) or anywhere in this pack.</summary>
    public Oid AddDelta(ObjectType type, byte[] baseContent, byte[] content)
    {
        _entries.Add((7, OidOf(type, baseContent), Delta(baseContent, content)));
        return OidOf(type, content);
    }

    public MemoryStream ToStream() => new(ToBytes());

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        bytes.Write("PACK"u8);
        BinaryPrimitives.WriteUInt32BigEndian(number, 2);
        bytes.Write(number);
        BinaryPrimitives.WriteInt32BigEndian(number, _entries.Count);
        bytes.Write(number);
        foreach ((int type, Oid? from, byte[] inflated) in _entries)
        {
            WriteEntry(bytes, type, from, inflated);
        }

        bytes.Write(SHA1.HashData(bytes.ToArray()));
        return bytes.ToArray();
    }

    private static void WriteEntry(MemoryStream bytes, int type, Oid? from, byte[] inflated)
    {
        int size = inflated.Length;
        int first = (type << 4) | (size & 15);
        size >>= 4;
        while (size > 0)
        {
            bytes.WriteByte((byte)(first | 0x80));
            first = size & 127;
            size >>= 7;
        }

        bytes.WriteByte((byte)first);
        if (from is Oid oid)
        {
            byte[] raw = new byte[Oid.Length];
            oid.CopyTo(raw);
            bytes.Write(raw);
        }

        using var zlib = new ZLibStream(bytes, CompressionLevel.Fastest, leaveOpen: true);
        zlib.Write(inflated);
    }

    private static void AddSize(List<byte> delta, int size)
    {
        while (size > 127)
        {
            delta.Add((byte)(size | 0x80));
            size >>= 7;
        }

        delta.Add((byte)size);
    }
}
