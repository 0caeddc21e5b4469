using System.Text;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class ThinPackTests
{
    private static readonly byte[] One = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 50).Select(i => $"line {i}\n")));

    [Fact]
    public async Task A_thin_pack_of_git_is_completed_as_git_completes_it()
    {
        GitCommand.Require(Assert.Skip);
        using var folder = new TemporaryFolder();
        GitFixture fixture = new GitFixture(folder["source.git"]).AddHistory(100, 20).Repack();
        byte[] pack = PackIndexerTests.Pack(fixture, "main\n^main~5", offsetDeltas: true, thin: true);
        using PackFile stored = PackFile.Open(Directory.GetFiles(Path.Combine(fixture.Folder, "objects", "pack"), "*.pack")[0]);
        using PackIndex storedIndex = PackIndex.Open(Directory.GetFiles(Path.Combine(fixture.Folder, "objects", "pack"), "*.idx")[0]);
        var bases = new ObjectsInMemory();
        foreach (Oid oid in storedIndex.Oids)
        {
            Assert.True(storedIndex.TryFind(oid, out int position));
            GitObject found = stored.ReadObject(storedIndex.OffsetAt(position), long.MaxValue);
            Assert.Equal(oid, bases.Add(found.Type, found.Content.ToArray()));
        }

        using var indexing = new IndexedFolder();
        PackIndexResult result = await indexing.RunAsync(pack, bases);
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
        Assert.Equal(bases.Asked, result.AppendedBases);
        Assert.NotEmpty(result.AppendedBases);
        Assert.Equal(new FileInfo(indexing.PackPath).Length, result.PackBytes);
        Assert.Equal(pack.Length, result.ReceivedBytes);
        Assert.Equal(result.ObjectCount - result.AppendedBases.Count, result.CountByType.Sum());

        // git completes the same pack with the same objects in the same places of the index.
        fixture.Git.Run(pack, "index-pack", "--fix-thin", "--stdin");
        string completed = Directory.GetFiles(Path.Combine(fixture.Folder, "objects", "pack"), "*.idx")
            .MaxBy(path => File.GetLastWriteTimeUtc(path))!;
        using PackIndex byGit = PackIndex.Open(completed);
        using PackIndex ours = PackIndex.Open(indexing.IndexPath);
        Assert.Equal(byGit.Oids.ToArray(), ours.Oids.ToArray());
    }

    [Fact]
    public async Task Thin_pack_without_its_base_is_rejected()
    {
        Oid missing = ObjectHash.Compute(ObjectType.Blob, One);
        byte[] pack = new PackMaker().AddRefDelta(missing, PackMaker.Delta(One.Length, 4, (0, 4))).Build();
        foreach (IObjectSource? bases in (IObjectSource?[])[null, new ObjectsInMemory()])
        {
            using var indexing = new IndexedFolder();
            GitFormatException bad = await Assert.ThrowsAsync<GitFormatException>(() => indexing.RunAsync(pack, bases));
            Assert.Equal((GitFormatError.Delta, 12L), (bad.Kind, bad.Offset));
            Assert.Contains(missing.ToString(), bad.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(indexing.Folder));
        }
    }

    [Fact]
    public async Task A_base_with_another_content_than_its_name_says_is_rejected()
    {
        var bases = new ObjectsInMemory();
        Oid oid = ObjectHash.Compute(ObjectType.Blob, One);
        bases.AddFalse(oid, ObjectType.Blob, [.. One[1..], 0]);
        using var indexing = new IndexedFolder();
        byte[] pack = new PackMaker().AddRefDelta(oid, PackMaker.Delta(One.Length, 4, (0, 4))).Build();
        Assert.Equal(GitFormatError.Checksum, (await Assert.ThrowsAsync<GitFormatException>(() => indexing.RunAsync(pack, bases))).Kind);
        Assert.Empty(Directory.GetFiles(indexing.Folder));
    }

    [Fact]
    public async Task A_base_that_is_an_object_of_the_pack_after_all_is_not_there_twice()
    {
        // The first delta's base is the second delta's object; the store has that object as well as the second's base.
        byte[] two = [.. One[..100], .. "changed"u8];
        byte[] three = [.. two[..50], .. "again"u8];
        var bases = new ObjectsInMemory();
        Oid first = bases.Add(ObjectType.Blob, One);
        Oid second = bases.Add(ObjectType.Blob, two);
        Oid other = bases.Add(ObjectType.Blob, [7, 7, 7, 7]);
        byte[] pack = new PackMaker()
            .AddRefDelta(second, PackMaker.Delta(two.Length, three.Length, (0, 50), "again"u8.ToArray()))
            .AddRefDelta(first, PackMaker.Delta(One.Length, two.Length, (0, 100), "changed"u8.ToArray()))
            .AddRefDelta(other, PackMaker.Delta(4, 2, (0, 2)))
            .Build();
        using var indexing = new IndexedFolder();
        PackIndexResult result = await indexing.RunAsync(pack, bases);
        Assert.Equal([first, other], result.AppendedBases);
        Assert.Equal(5, result.ObjectCount);
        GitCommand.Require(Assert.Skip);
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
    }

    [Fact]
    public async Task A_delta_on_an_object_that_a_thin_delta_makes_is_resolved()
    {
        var bases = new ObjectsInMemory();
        Oid first = bases.Add(ObjectType.Blob, One);
        byte[] two = One[..100];
        byte[] pack = new PackMaker()
            .AddRefDelta(ObjectHash.Compute(ObjectType.Blob, two), PackMaker.Delta(100, 10, (5, 10)))
            .AddRefDelta(first, PackMaker.Delta(One.Length, 100, (0, 100)))
            .AddOfsDelta(1, PackMaker.Delta(100, 3, (0, 3)))
            .Build();
        using var indexing = new IndexedFolder();
        PackIndexResult result = await indexing.RunAsync(pack, bases);
        Assert.Equal([first], result.AppendedBases);
        IReadOnlyList<KeyValuePair<Oid, GitObject>> objects =
            await PackIndexer.ReadObjectsAsync(new MemoryStream(pack), bases, PackLimits.Default, CancellationToken.None);
        Assert.Equal([One[5..15], two, One[..3]], objects.Select(o => o.Value.Content.ToArray()));
    }
}
