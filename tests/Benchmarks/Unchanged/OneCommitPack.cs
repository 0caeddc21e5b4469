using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Benchmarks.Unchanged;

/// <summary>A pack of one commit and the empty tree (gitformat-pack).</summary>
internal static class OneCommitPack
{
    public static byte[] Make(string commit, out Oid oid)
    {
        byte[] content = Encoding.ASCII.GetBytes(commit);
        oid = Oid.FromBytes(SHA1.HashData([.. Encoding.ASCII.GetBytes($"commit {content.Length}\0"), .. content]));
        using MemoryStream pack = new();
        pack.Write("PACK"u8);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, 2);
        pack.Write(number);
        pack.Write(number);
        Add(pack, 1, content);
        Add(pack, 2, []);
        pack.Write(SHA1.HashData(pack.ToArray()));
        return pack.ToArray();
    }

    private static void Add(MemoryStream pack, int type, byte[] content)
    {
        int size = content.Length;
        pack.WriteByte((byte)((size > 15 ? 0x80 : 0) | (type << 4) | (size & 15)));
        for (size >>= 4; size > 0; size >>= 7)
        {
            pack.WriteByte((byte)((size > 127 ? 0x80 : 0) | (size & 127)));
        }

        if (content.Length == 0)
        {
            // ZLibStream writes nothing at all for nothing.
            pack.Write([0x78, 0x01, 0x03, 0, 0, 0, 0, 1]);
            return;
        }

        using ZLibStream zlib = new(pack, CompressionLevel.Fastest, leaveOpen: true);
        zlib.Write(content);
    }
}
