using System.Formats.Tar;
using System.IO.Compression;
using Actors.Git.Objects;
using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using ZipArchive = System.IO.Compression.ZipArchive;

namespace Actors.Fuzz.Targets;

/// <summary>Archives of the formats that are unpacked in this process: tar, zip, gzip, bzip2, compress. What was unpacked is a tree that leads nowhere else.</summary>
public sealed class ArchiveTarget : IFuzzTarget
{
    public string Name => "archive";

    public IEnumerable<byte[]> Seeds => [Tar(TarEntryFormat.Pax), Tar(TarEntryFormat.Gnu), Tar(TarEntryFormat.V7), Zip(), Gzip(Tar(TarEntryFormat.Ustar)), Bzip2, Compress];

    public IEnumerable<byte[]> Dictionary =>
    [
        "PK\x01\x02"u8.ToArray(), "PK\x03\x04"u8.ToArray(), "PK\x05\x06"u8.ToArray(), "PK\x06\x06"u8.ToArray(), "PK\x06\x07"u8.ToArray(), "ustar\x0000"u8.ToArray(), "ustar  \0"u8.ToArray(),
        "../"u8.ToArray(), "/"u8.ToArray(), "12 path=a\n"u8.ToArray(), "9999999999 size="u8.ToArray(), "GNU.sparse."u8.ToArray(), "././@LongLink"u8.ToArray(), [0xff, 0xff, 0xff, 0xff], [0x80], new byte[512],
        "L"u8.ToArray(), "x"u8.ToArray(), "g"u8.ToArray(), "1"u8.ToArray(), "2"u8.ToArray(), "5"u8.ToArray(),
    ];

    public int Iterations => 4_000;

    public int InputBytesMax => 8192;

    // bzip2's tables alone are 5 MB a stream, and one input may hold some.
    public long AllocatedBytesMax => 512L << 20;

    /// <summary>"a\n" in b/c, by bzip2 -9.</summary>
    private static byte[] Bzip2 => Convert.FromHexString("425a6839314159265359a5b2f7cb00000a5b84c00a000080080040000420004004a02000220069a1a41a60a9e2ee48a70a1214b65ef960");

    /// <summary>A beginning of what compress writes.</summary>
    private static byte[] Compress => Convert.FromHexString("1f9d9062c4c841030608102000");

    public void Run(ReadOnlySpan<byte> input)
    {
        // The programs that unpack these are fuzzed by their own people.
        if (ArchiveSniffer.Tell(input) is ArchiveFormat.Xz or ArchiveFormat.Zstd or ArchiveFormat.Lzip)
        {
            return;
        }

        byte[] bytes = input.ToArray();
        UnpackTarget target = new(new ForgetfulSink(), path => path.EndsWith("/PKG-INFO", StringComparison.Ordinal));
        ForgetfulSink.Run(() => Archive.UnpackAsync(new MeasuredStream(new MemoryStream(bytes), Loaders.Limits.ArchiveBytesMax, []), target, CancellationToken.None));
        Oid root = TreeBytes.Write(target.Tree.Root, static (_, oid, tree) => Check(oid, tree));
        if (root.IsZero)
        {
            throw new InvalidOperationException("The tree has no oid.");
        }
    }

    private static void Check(Oid oid, byte[] tree)
    {
        byte[] before = [];
        foreach (TreeItem entry in TreeItem.List(tree))
        {
            byte[] name = entry.Name.ToArray();
            if (name is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] || name.Contains((byte)'/') || name.AsSpan().SequenceEqual(before))
            {
                throw new InvalidOperationException($"The tree {oid} has a name that it must not have.");
            }

            before = name;
        }
    }

    private static byte[] Tar(TarEntryFormat format)
    {
        MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, format, leaveOpen: true))
        {
            TarEntry Of(TarEntryType type, string name) => format switch
            {
                TarEntryFormat.Pax => new PaxTarEntry(type, name, new Dictionary<string, string> { ["comment"] = "x" }),
                TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                TarEntryFormat.V7 => new V7TarEntry(type == TarEntryType.RegularFile ? TarEntryType.V7RegularFile : type, name),
                _ => new UstarTarEntry(type, name),
            };
            writer.WriteEntry(Of(TarEntryType.Directory, "a/"));
            TarEntry file = Of(TarEntryType.RegularFile, format is TarEntryFormat.Pax or TarEntryFormat.Gnu ? "a/" + new string('n', 120) : "a/n");
            file.DataStream = new MemoryStream("content"u8.ToArray());
            file.Mode = (UnixFileMode)0x1ed;
            writer.WriteEntry(file);
            TarEntry link = Of(TarEntryType.SymbolicLink, "a/link");
            link.LinkName = "n";
            writer.WriteEntry(link);
            TarEntry second = Of(TarEntryType.HardLink, "a/second");
            second.LinkName = file.Name;
            writer.WriteEntry(second);
        }

        return bytes.ToArray();
    }

    private static byte[] Zip()
    {
        MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("a/");
            using Stream file = zip.CreateEntry("a/PKG-INFO").Open();
            file.Write(new byte[300]);
        }

        return bytes.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
