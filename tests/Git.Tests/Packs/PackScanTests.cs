using System.IO.Compression;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Packs;

/// <summary>Packs of several parts: threads that read ahead, entries longer than a part, and bytes that look like entries and are none.</summary>
public sealed class PackScanTests
{
    [Theory]
    [InlineData(1, 1 << 30)]
    [InlineData(2, 1 << 30)]
    [InlineData(5, 1 << 30)]
    [InlineData(4, 100_003)]
    public async Task The_index_does_not_depend_on_threads_or_on_how_the_bytes_come(int threads, int piece)
    {
        byte[] pack = LargePack();
        using var indexing = new IndexedFolder();
        PackIndexResult result = await PackIndexer.IndexAsync(
            new PiecewiseStream(pack, piece), indexing.Options with { Threads = threads }, CancellationToken.None);
        Assert.Equal(pack, await File.ReadAllBytesAsync(indexing.PackPath));
        Assert.Equal(["1111111111111111111111111111111111111111"], result.References.Select(r => r.Oid.ToString()));
        GitCommand.Require(Assert.Skip);
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
    }

    [Fact]
    public async Task A_pack_in_its_file_gives_the_same_by_many_threads()
    {
        byte[] pack = LargePack();
        using var indexing = new IndexedFolder();
        await File.WriteAllBytesAsync(indexing.PackPath, pack);
        PackIndexResult result = await PackIndexer.IndexFileAsync(indexing.Options with { Threads = 6 }, CancellationToken.None);
        Assert.Single(result.References);
        GitCommand.Require(Assert.Skip);
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.6)]
    [InlineData(0.97)]
    public async Task A_wrong_byte_anywhere_in_a_large_pack_is_found_by_each_number_of_threads(double where)
    {
        byte[] pack = LargePack();
        pack[(int)(pack.Length * where)] ^= 0x55;
        foreach (int threads in (int[])[1, 4])
        {
            using var indexing = new IndexedFolder();
            GitFormatException bad = await Assert.ThrowsAsync<GitFormatException>(() => indexing.RunAsync(pack, threads: threads));
            Assert.InRange(bad.Offset, 0, pack.Length);
            Assert.Empty(Directory.GetFiles(indexing.Folder));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(4096)]
    public async Task Any_split_of_a_small_pack_gives_the_same(int piece)
    {
        byte[] pack = new PackMaker().AddWhole(ObjectType.Blob, new byte[5000]).AddOfsDelta(0, PackMaker.Delta(5000, 7, (0, 7))).Build();
        using var whole = new IndexedFolder();
        using var split = new IndexedFolder();
        await whole.RunAsync(pack);
        await PackIndexer.IndexAsync(new PiecewiseStream(pack, piece), split.Options, CancellationToken.None);
        Assert.Equal(await File.ReadAllBytesAsync(whole.IndexPath), await File.ReadAllBytesAsync(split.IndexPath));
    }

    /// <summary>
    /// About 30 MB: noise in small blobs, a blob of 9 MB that cannot be compressed, one of 20 MB that can, and stored
    /// uncompressed inside a blob a pack whose tree refers to objects that nobody has.
    /// </summary>
    private static byte[] LargePack()
    {
        var random = new Random(11);
        var maker = new PackMaker();
        AddNoise(maker, random, 150, 30_000);
        byte[] false1 = [.. "100644 nowhere\0"u8, .. Enumerable.Repeat((byte)0x22, 20)];
        var inner = new PackMaker();
        for (int i = 0; i < 120; i++)
        {
            inner.AddWhole(ObjectType.Tree, [.. "100644 a\0"u8, .. Noise(random, 20), .. false1]);
            AddNoise(inner, random, 2, 30_000);
        }

        maker.Level = CompressionLevel.NoCompression;
        maker.AddWhole(ObjectType.Blob, inner.Build());
        maker.AddWhole(ObjectType.Blob, Noise(random, 9_000_000));
        maker.Level = CompressionLevel.Fastest;
        maker.AddWhole(ObjectType.Blob, new byte[20_000_000]);
        AddNoise(maker, random, 100, 40_000);
        maker.AddWhole(ObjectType.Tree, [.. "100644 here\0"u8, .. Enumerable.Repeat((byte)0x11, 20)]);
        byte[] source = Noise(random, 2_000_000);
        maker.AddWhole(ObjectType.Blob, source);
        int first = maker.Offsets.Count - 1;
        for (int i = 0; i < 40; i++)
        {
            maker.AddOfsDelta(first + (i / 2), PackMaker.Delta(i < 2 ? source.Length : 1_500_004, 1_500_004, (i % 5, 1_500_000), BitConverter.GetBytes(i)));
        }

        AddNoise(maker, random, 60, 40_000);
        return maker.Build();
    }

    private static void AddNoise(PackMaker maker, Random random, int count, int size)
    {
        for (int i = 0; i < count; i++)
        {
            maker.AddWhole(ObjectType.Blob, Noise(random, random.Next(1, size)));
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
