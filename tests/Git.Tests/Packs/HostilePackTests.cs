using System.Text;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Xunit;

namespace Actors.Git.Tests.Packs;

/// <summary>Each way in which a pack can be wrong has its kind and its place, and leaves no file.</summary>
public sealed class HostilePackTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("some content that is long enough for deltas\n");

    public static TheoryData<string, GitFormatError, long> Cases => new()
    {
        { "no bytes", GitFormatError.Truncated, -2 },
        { "header cut off", GitFormatError.Truncated, -2 },
        { "only a header", GitFormatError.Truncated, -2 },
        { "not PACK", GitFormatError.Pack, 0 },
        { "version 4", GitFormatError.Pack, 4 },
        { "fewer entries than announced", GitFormatError.Truncated, -2 },
        { "more entries than announced", GitFormatError.Pack, -2 },
        { "absurd count", GitFormatError.OverLimit, 8 },
        { "cut within an entry", GitFormatError.Truncated, -2 },
        { "garbage before the trailer", GitFormatError.Pack, -2 },
        { "wrong trailer", GitFormatError.Checksum, -2 },
        { "type 0", GitFormatError.Pack, 12 },
        { "type 5", GitFormatError.Pack, 12 },
        { "size of more than 63 bits", GitFormatError.Pack, 12 },
        { "endless size", GitFormatError.Pack, 12 },
        { "size too small", GitFormatError.Compression, 12 },
        { "size too large", GitFormatError.Compression, 12 },
        { "size over the limit", GitFormatError.OverLimit, 12 },
        { "not zlib", GitFormatError.Compression, 12 },
        { "wrong Adler-32", GitFormatError.Compression, 12 },
        { "damaged deflate block", GitFormatError.Compression, 12 },
        { "offset delta as first entry", GitFormatError.Delta, 12 },
        { "offset delta on itself", GitFormatError.Delta, -2 },
        { "offset into the middle of an entry", GitFormatError.Delta, -2 },
        { "offset of more than 63 bits", GitFormatError.Pack, -2 },
        { "delta on itself by oid", GitFormatError.Delta, 12 },
        { "two deltas on each other", GitFormatError.Delta, 12 },
        { "same object twice", GitFormatError.Pack, -2 },
        { "delta makes an object that is there", GitFormatError.Pack, -2 },
        { "empty delta", GitFormatError.Delta, -2 },
        { "delta for another base size", GitFormatError.Delta, -2 },
        { "delta reads behind its base", GitFormatError.Delta, -2 },
        { "delta writes behind its result", GitFormatError.Delta, -2 },
        { "delta leaves its result short", GitFormatError.Delta, -2 },
        { "delta insert is cut off", GitFormatError.Delta, -2 },
        { "delta copy is cut off", GitFormatError.Delta, -2 },
        { "delta instruction 0", GitFormatError.Delta, -2 },
        { "delta result over the limit", GitFormatError.OverLimit, -2 },
        { "too many deltas in a row", GitFormatError.OverLimit, -2 },
        { "pack over the limit", GitFormatError.OverLimit, -2 },
        { "commit without tree", GitFormatError.Object, 0 },
        { "tree cut off", GitFormatError.Object, -2 },
        { "tree without a mode", GitFormatError.Object, -2 },
        { "delta makes a malformed tree", GitFormatError.Object, -2 },
        { "tag without object", GitFormatError.Object, 0 },
    };

    private static PackLimits Limits => new() { DeltaDepthMax = 20, ObjectBytesMax = 1_000_000, PackBytesMax = 100_000, ObjectCountMax = 1_000_000 };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Bad_pack_is_rejected(string name, GitFormatError kind, long offset)
    {
        byte[] pack = Make(name);
        using var indexing = new IndexedFolder();
        GitFormatException bad = await Assert.ThrowsAsync<GitFormatException>(() => indexing.RunAsync(pack, limits: Limits));
        Assert.Equal(kind, bad.Kind);
        Assert.True(offset == -2 ? bad.Offset >= 0 : bad.Offset == offset, $"{bad.Message} at {bad.Offset}");
        Assert.Empty(Directory.GetFiles(indexing.Folder));

        // The same bytes in a file, and in memory, meet the same code.
        await File.WriteAllBytesAsync(indexing.PackPath, pack);
        PackIndexOptions options = indexing.Options with { Limits = Limits };
        if (name != "pack over the limit")
        {
            Assert.Equal(kind, (await Assert.ThrowsAsync<GitFormatException>(() => PackIndexer.IndexFileAsync(options, CancellationToken.None))).Kind);
        }

        Assert.Equal([indexing.PackPath], Directory.GetFiles(indexing.Folder));
        if (kind != GitFormatError.Object)
        {
            Assert.Equal(kind, (await Assert.ThrowsAsync<GitFormatException>(
                () => PackIndexer.ReadObjectsAsync(new MemoryStream(pack), null, Limits, CancellationToken.None))).Kind);
        }
    }

    [Fact]
    public async Task Each_cut_of_a_sound_pack_is_rejected()
    {
        byte[] pack = Sound().Build();
        for (int length = 0; length < pack.Length; length++)
        {
            using var indexing = new IndexedFolder();
            GitFormatException bad = await Assert.ThrowsAsync<GitFormatException>(() => indexing.RunAsync(pack[..length]));
            Assert.Contains(bad.Kind, (GitFormatError[])[GitFormatError.Truncated, GitFormatError.Checksum, GitFormatError.Compression]);
        }
    }

    [Fact]
    public async Task Each_wrong_byte_of_a_sound_pack_is_noticed()
    {
        byte[] pack = Sound().Build();
        for (int at = 0; at < pack.Length; at++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80])
            {
                byte[] wrong = [.. pack];
                wrong[at] ^= flip;
                using var indexing = new IndexedFolder();
                await Assert.ThrowsAsync<GitFormatException>(() => indexing.RunAsync(wrong));
            }
        }
    }

    [Fact]
    public async Task Inflating_to_far_more_than_was_received_is_over_the_limit()
    {
        var maker = new PackMaker { Level = System.IO.Compression.CompressionLevel.SmallestSize };
        byte[] zeroes = new byte[200 << 20];
        byte[] stream = PackMaker.Compress(zeroes, System.IO.Compression.CompressionLevel.SmallestSize);
        for (int i = 0; i < 6; i++)
        {
            maker.AddRaw(PackEntryHeader.Whole(ObjectType.Blob, zeroes.Length), stream);
        }

        using var indexing = new IndexedFolder();
        GitFormatException bad = await Assert.ThrowsAsync<GitFormatException>(() => indexing.RunAsync(maker.Build()));
        Assert.Equal((GitFormatError.OverLimit, maker.Offsets[5]), (bad.Kind, bad.Offset));
    }

    [Fact]
    public async Task A_stream_that_fails_leaves_no_file()
    {
        byte[] pack = Sound().Build();
        using var indexing = new IndexedFolder();
        await Assert.ThrowsAsync<TimeoutException>(() => PackIndexer.IndexAsync(
            new PiecewiseStream(pack[..50], 7, new TimeoutException()), indexing.Options, CancellationToken.None));
        Assert.Empty(Directory.GetFiles(indexing.Folder));
    }

    private static PackMaker Sound() => new PackMaker()
        .AddWhole(ObjectType.Blob, Content)
        .AddOfsDelta(0, PackMaker.Delta(Content.Length, 10, (3, 10)))
        .AddRefDelta(ObjectHash.Compute(ObjectType.Blob, Content), PackMaker.Delta(Content.Length, 5, (0, 2), "abc"u8.ToArray()));

    private static byte[] Make(string name)
    {
        var maker = new PackMaker();
        byte[] sound = Sound().Build();
        PackEntryHeader blob = PackEntryHeader.Whole(ObjectType.Blob, Content.Length);
        Oid oid = ObjectHash.Compute(ObjectType.Blob, Content);
        byte[] stream = PackMaker.Compress(Content);
        return name switch
        {
            "no bytes" => [],
            "header cut off" => sound[..11],
            "only a header" => sound[..12],
            "not PACK" => [.. "PUCK"u8, .. sound[4..]],
            "version 4" => [.. sound[..7], 4, .. sound[8..]],
            "fewer entries than announced" => MakeCounted(maker, 2),
            "more entries than announced" => MakeCounted(maker, 0),
            "absurd count" => MakeCounted(maker, 0x7fffffff),
            "cut within an entry" => sound[..40],
            "garbage before the trailer" => Sound().Build("garbage"u8),
            "wrong trailer" => [.. sound[..^1], (byte)(sound[^1] ^ 1)],
            "type 0" => maker.AddBytes([0x00, .. stream]).Build(),
            "type 5" => maker.AddBytes([0x50, .. stream]).Build(),
            "size of more than 63 bits" => maker.AddBytes([0xb0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, .. stream]).Build(),
            "endless size" => maker.AddBytes([0xb0, .. Enumerable.Repeat((byte)0x80, 40), .. stream]).Build(),
            "size too small" => maker.AddRaw(blob with { Size = Content.Length - 1 }, stream).Build(),
            "size too large" => maker.AddRaw(blob with { Size = Content.Length + 1 }, stream).Build(),
            "size over the limit" => maker.AddRaw(blob with { Size = 1_000_001 }, stream).Build(),
            "not zlib" => maker.AddRaw(blob, Encoding.ASCII.GetBytes(new string('x', 60))).Build(),
            "wrong Adler-32" => maker.AddRaw(blob, [.. stream[..^1], (byte)(stream[^1] ^ 1)]).Build(),
            "damaged deflate block" => maker.AddRaw(blob, [.. stream[..2], 0xff, .. stream[3..]]).Build(),
            "offset delta as first entry" => maker.AddRaw(new PackEntryHeader(PackEntryType.OfsDelta, 5, 1, default), PackMaker.Compress([1, 2, 3, 4, 5])).Build(),
            "pack over the limit" => maker.AddRaw(PackEntryHeader.Whole(ObjectType.Blob, 100_000), PackMaker.Compress(Noise(100_000))).Build(),
            "delta on itself by oid" => maker.AddRefDelta(oid, PackMaker.Delta(Content.Length, 1, (0, 1))).Build(),
            "two deltas on each other" => maker.AddRefDelta(oid, PackMaker.Delta(9, 1, (0, 1))).AddRefDelta(default, PackMaker.Delta(1, 1, (0, 1))).Build(),
            "commit without tree" => maker.AddWhole(ObjectType.Commit, "author A <a> 1 +0000\n\nno tree"u8).Build(),
            "tree cut off" => maker.AddWhole(ObjectType.Tree, "100644 name\0too short"u8).Build(),
            "tree without a mode" => maker.AddWhole(ObjectType.Tree, " name\0aaaaaaaaaaaaaaaaaaaa"u8).Build(),
            "tag without object" => maker.AddWhole(ObjectType.Tag, "type commit\n"u8).Build(),
            _ => MakeDelta(name, maker),
        };
    }

    private static byte[] MakeDelta(string name, PackMaker maker)
    {
        int size = Content.Length;
        maker.AddWhole(ObjectType.Blob, Content);
        long distance = 12 + maker.Build().Length - 32 - 12 - maker.Offsets[0];
        PackEntryHeader header = new(PackEntryType.OfsDelta, 5, distance, default);
        return name switch
        {
            "offset delta on itself" => maker.AddBytes([0x65, 0x00, .. PackMaker.Compress([1, 2, 3, 4, 5])]).Build(),
            "offset into the middle of an entry" => maker.AddRaw(header with { BaseDistance = distance - 1 }, PackMaker.Compress([1, 2, 3, 4, 5])).Build(),
            "offset of more than 63 bits" => maker.AddBytes([0x65, .. Enumerable.Repeat((byte)0xff, 12), 0x7f, .. PackMaker.Compress([1, 2, 3, 4, 5])]).Build(),
            "same object twice" => maker.AddWhole(ObjectType.Blob, Content).Build(),
            "delta makes an object that is there" => maker.AddOfsDelta(0, PackMaker.Delta(size, size, (0, size))).Build(),
            "empty delta" => maker.AddOfsDelta(0, []).Build(),
            "delta for another base size" => maker.AddOfsDelta(0, PackMaker.Delta(size - 1, 5, (0, 5))).Build(),
            "delta reads behind its base" => maker.AddOfsDelta(0, PackMaker.Delta(size, 5, (size - 4, 5))).Build(),
            "delta writes behind its result" => maker.AddOfsDelta(0, PackMaker.Delta(size, 5, (0, 6))).Build(),
            "delta leaves its result short" => maker.AddOfsDelta(0, PackMaker.Delta(size, 5, (0, 4))).Build(),
            "delta insert is cut off" => maker.AddOfsDelta(0, PackMaker.Delta(size, 5, (0, 4), "abc"u8.ToArray())[..^1]).Build(),
            "delta copy is cut off" => maker.AddOfsDelta(0, PackMaker.Delta(size, 5, (0, 5))[..^1]).Build(),
            "delta instruction 0" => maker.AddOfsDelta(0, [.. PackMaker.Delta(size, 5, (0, 5)), 0]).Build(),
            "delta result over the limit" => maker.AddOfsDelta(0, PackMaker.Delta(size, 1_000_001, (0, size))).Build(),
            "too many deltas in a row" => MakeChain(maker, 21),
            "delta makes a malformed tree" => new PackMaker().AddWhole(ObjectType.Tree, Tree()).AddOfsDelta(0, PackMaker.Delta(Tree().Length, 20, (0, 20))).Build(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }

    private static byte[] Tree() => [.. "100644 name\0"u8, .. new byte[20]];

    private static byte[] MakeCounted(PackMaker maker, uint count)
    {
        maker.AddWhole(ObjectType.Blob, Content).AnnouncedCount = count;
        return maker.Build();
    }

    private static byte[] MakeChain(PackMaker maker, int depth)
    {
        for (int i = 0; i < depth; i++)
        {
            maker.AddOfsDelta(i, PackMaker.Delta(Content.Length - i, Content.Length - i - 1, (0, Content.Length - i - 1)));
        }

        return maker.Build();
    }

    private static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
