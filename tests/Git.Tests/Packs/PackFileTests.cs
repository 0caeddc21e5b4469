using System.Text;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class PackFileTests : IDisposable
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(new string('a', 500) + new string('b', 500));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_object_reads_as_git_reads_it(bool offsetDeltas)
    {
        GitCommand.Require(Assert.Skip);
        GitFixture fixture = new GitFixture(_folder["source.git"]).AddHistory(80, 15).AddUnusualEntries().AddOddObjects().AddUnusualTags();
        using var indexing = new IndexedFolder();
        await indexing.RunAsync(PackIndexerTests.Pack(fixture, "--all", offsetDeltas));
        using PackIndex index = PackIndex.Open(indexing.IndexPath);
        using PackFile pack = PackFile.Open(indexing.PackPath, new DeltaBaseCache(100_000));
        Assert.Equal((uint)index.Count, pack.ObjectCount);
        Assert.Equal(index.PackChecksum, pack.Checksum);
        long OffsetOf(Oid oid) => index.TryFind(oid, out int position) ? index.OffsetAt(position) : -1;
        Oid[] oids = index.Oids.ToArray();
        Parallel.ForEach(oids.Concat(oids), oid =>
        {
            GitObject read = pack.ReadObject(OffsetOf(oid), 1_000_000, OffsetOf);
            Assert.Equal(oid, ObjectHash.Compute(read.Type, read.Content.Span));
            Assert.Equal(read.Type, pack.ReadTypeAt(OffsetOf(oid), OffsetOf));
        });
        foreach (Oid oid in oids.Take(20))
        {
            GitObject read = pack.ReadObject(OffsetOf(oid), 1_000_000, OffsetOf);
            Assert.Equal(fixture.Git.RunBytes([], "cat-file", read.Type.ToName(), oid.ToString()), read.Content.ToArray());
        }
    }

    [Fact]
    public async Task An_object_above_the_limit_is_refused()
    {
        using PackFile pack = await OpenAsync(new PackMaker().AddWhole(ObjectType.Blob, Content).AddOfsDelta(0, PackMaker.Delta(1000, 2000, (0, 1000), (0, 1000))));
        Assert.Equal(GitFormatError.OverLimit, Assert.Throws<GitFormatException>(() => pack.ReadObject(12, 999)).Kind);
        Assert.Equal(1000, pack.ReadObject(12, 1000).Content.Length);
        long delta = pack.FindEnd(pack.ReadEntry(12));
        Assert.Equal(GitFormatError.OverLimit, Assert.Throws<GitFormatException>(() => pack.ReadObject(delta, 1999)).Kind);
        Assert.Equal(pack.EntriesEnd, pack.FindEnd(pack.ReadEntry(delta)));
    }

    [Fact]
    public async Task Deltas_that_name_each_other_end_in_an_error()
    {
        byte[] delta = PackMaker.Delta(4, 4, (0, 4));
        using PackFile pack = await OpenAsync(new PackMaker().AddRefDelta(default, delta));
        Assert.Equal(GitFormatError.Delta, Assert.Throws<GitFormatException>(() => pack.ReadObject(12, 1000, _ => 12)).Kind);
        Assert.Equal(GitFormatError.Delta, Assert.Throws<GitFormatException>(() => pack.ReadTypeAt(12, _ => 12)).Kind);
        Assert.Equal(GitFormatError.Delta, Assert.Throws<GitFormatException>(() => pack.ReadObject(12, 1000)).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(100_000)]
    [InlineData(-1)]
    public async Task An_offset_outside_the_entries_is_refused(long offset)
    {
        using PackFile pack = await OpenAsync(new PackMaker().AddWhole(ObjectType.Blob, Content));
        Assert.Equal(GitFormatError.Pack, Assert.Throws<GitFormatException>(() => pack.ReadEntry(offset)).Kind);
    }

    [Fact]
    public async Task A_size_that_deflate_cannot_reach_is_refused_before_memory_is_taken()
    {
        var header = PackEntryHeader.Whole(ObjectType.Blob, 1_900_000_000);
        using PackFile pack = await OpenAsync(new PackMaker().AddRaw(header, PackMaker.Compress(Content)));
        Assert.Equal(GitFormatError.Compression, Assert.Throws<GitFormatException>(() => pack.ReadObject(12, long.MaxValue)).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(31)]
    public async Task A_file_too_short_for_a_pack_is_refused(int length)
    {
        string path = _folder["short.pack"];
        await File.WriteAllBytesAsync(path, new PackMaker().Build()[..length]);
        Assert.Equal(GitFormatError.Truncated, Assert.Throws<GitFormatException>(() => PackFile.Open(path).Dispose()).Kind);
    }

    private async Task<PackFile> OpenAsync(PackMaker maker)
    {
        string path = _folder["made.pack"];
        await File.WriteAllBytesAsync(path, maker.Build());
        return PackFile.Open(path);
    }
}
