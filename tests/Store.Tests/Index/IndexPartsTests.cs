using Actors.Git.Objects;
using Actors.Store.Index;
using Xunit;

namespace Actors.Store.Tests.Index;

/// <summary>The leaves: order, rule of merging, manifest, memory table.</summary>
public sealed class IndexPartsTests
{
    private readonly Random _random = new(5);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(70_000, false)]
    public void Oids_are_sorted_with_their_companions(int count, bool isCrowded)
    {
        var oids = new Oid[count];
        foreach (ref Oid oid in oids.AsSpan())
        {
            byte[] bytes = new byte[Oid.Length];
            _random.NextBytes(isCrowded ? bytes.AsSpan(17) : bytes);
            oid = Oid.FromBytes(bytes);
        }

        int[] companions = [.. Enumerable.Range(0, count)];
        Oid[] sorted = [.. oids];
        OidOrder.Sort(sorted, companions);
        Assert.Equal(oids.Order(), sorted);
        Assert.Equal(sorted, companions.Select(place => oids[place]));
        Assert.Equal(count, companions.Distinct().Count());
    }

    [Theory]
    [InlineData(0, 2, new long[] { })]
    [InlineData(0, 2, new long[] { 100 })]
    [InlineData(2, 2, new long[] { 100, 100 })]
    [InlineData(2, 2, new long[] { 100, 199 })]
    [InlineData(0, 2, new long[] { 100, 200 })]
    [InlineData(0, 2, new long[] { 1, 2, 6, 18 })]
    [InlineData(4, 2, new long[] { 1, 2, 6, 17 })]
    [InlineData(3, 2, new long[] { 5, 5, 5, 1000 })]
    public void Small_runs_are_merged_and_much_larger_ones_left_alone(int expected, int factor, long[] sizes) =>
        Assert.Equal(expected, IndexRunMerge.CountToMerge(sizes, factor));

    [Fact]
    public void A_merge_never_makes_a_run_over_the_limit()
    {
        Assert.Equal(2, IndexRunMerge.CountToMerge([1_000_000_000, 1_000_000_000, 3_000_000_000], 2));
        Assert.Equal(0, IndexRunMerge.CountToMerge([3_000_000_000, 3_000_000_000], int.MaxValue));
    }

    [Fact]
    public void A_manifest_is_read_as_it_was_written_and_any_other_bytes_are_refused()
    {
        var manifest = new IndexManifest
        {
            NextRun = 1L << 40,
            NextPack = 77,
            Packs = new Dictionary<Oid, int> { [IndexDirectory.RandomOid(_random)] = 3, [IndexDirectory.RandomOid(_random)] = 76 },
            Redirects = new Dictionary<int, int> { [4] = 3, [5] = 76 },
            Runs = [new IndexManifestRun(9, 12345678901, 0xfedcba98), new IndexManifestRun(2, 5000, 1)],
        };
        byte[] bytes = manifest.Encode();
        IndexManifest read = IndexManifest.Decode(bytes);
        Assert.Equal(manifest.NextRun, read.NextRun);
        Assert.Equal(manifest.NextPack, read.NextPack);
        Assert.Equal(manifest.Packs, read.Packs);
        Assert.Equal(manifest.Redirects, read.Redirects);
        Assert.Equal(manifest.Runs, read.Runs);

        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= 4;
            Assert.Throws<InvalidDataException>(() => IndexManifest.Decode(flipped));
            Assert.Throws<InvalidDataException>(() => IndexManifest.Decode(bytes.AsSpan(0, at)));
        }
    }

    [Fact]
    public void A_manifest_that_lies_about_its_counts_is_refused_before_memory_is_taken()
    {
        for (int count = 20; count <= 28; count += 4)
        {
            byte[] bytes = IndexManifest.Empty.Encode();
            bytes.AsSpan(count, 4).Fill(0xff);
            BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)));
            Assert.Throws<InvalidDataException>(() => IndexManifest.Decode(bytes));
        }
    }

    [Fact]
    public void A_manifest_with_a_redirect_to_nowhere_is_refused()
    {
        byte[] bytes = new IndexManifest { Redirects = new Dictionary<int, int> { [4] = 3 } }.Encode();
        Assert.Throws<InvalidDataException>(() => IndexManifest.Decode(bytes));
    }

    [Fact]
    public void A_checksum_is_the_same_however_the_bytes_are_cut()
    {
        // RFC 3720, B.4: 32 bytes of zeroes.
        Assert.Equal(0x8a9136aau, Crc32C.Of(new byte[32]));
        byte[] bytes = new byte[1000];
        _random.NextBytes(bytes);
        for (int round = 0; round < 100; round++)
        {
            Crc32C crc = Crc32C.Start();
            int at = 0;
            while (at < bytes.Length)
            {
                int piece = Math.Min(_random.Next(40), bytes.Length - at);
                crc.Append(bytes.AsSpan(at, piece));
                at += piece;
            }

            Assert.Equal(Crc32C.Of(bytes), crc.Value);
        }
    }

    [Fact]
    public void A_memory_table_keeps_the_first_pack_of_an_object()
    {
        MemoryTable table = MemoryTable.Create(7);
        Oid[] oids = IndexDirectory.RandomOids(_random, 3000);
        table = table.Add(10, oids.AsSpan(0, 2000)).Add(11, oids.AsSpan(1000)).Add(12, []);
        int[] packs = new int[oids.Length];
        Array.Fill(packs, -1);
        table.Locate(oids, packs);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => i < 2000 ? 10 : 11), packs);
        Assert.Equal([10, 11, 12], table.Packs);
        (Oid[] sorted, int[] handles) = table.Sorted();
        Assert.Equal(oids, sorted);
        Assert.Equal(packs, handles);
    }
}
