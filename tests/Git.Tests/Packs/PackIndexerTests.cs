using System.Text;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Packs;

public sealed class PackIndexerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public async Task The_index_is_byte_for_byte_what_git_writes(bool offsetDeltas, int threads)
    {
        GitFixture fixture = Repository();
        byte[] pack = Pack(fixture, "--all", offsetDeltas);
        using var indexing = new IndexedFolder();
        PackIndexResult result = await indexing.RunAsync(pack, threads: threads);
        Assert.Equal(pack, await File.ReadAllBytesAsync(indexing.PackPath));
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
        Assert.Equal(fixture.CountObjects(), result.ObjectCount);
        Assert.Equal(TypesByGit(fixture), result.CountByType);
        Assert.Empty(result.References);
        Assert.Empty(result.AppendedBases);
        Assert.Equal((pack.Length, pack.Length), (result.PackBytes, result.ReceivedBytes));
        Assert.Equal(pack[^20..], Bytes(result.Checksum));
    }

    [Fact]
    public async Task A_pack_in_its_file_is_indexed_there()
    {
        byte[] pack = Pack(Repository(), "--all", offsetDeltas: true);
        using var indexing = new IndexedFolder();
        await File.WriteAllBytesAsync(indexing.PackPath, pack);
        await PackIndexer.IndexFileAsync(indexing.Options, CancellationToken.None);
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
    }

    [Fact]
    public async Task References_are_those_that_git_finds_missing()
    {
        GitFixture fixture = Repository();
        byte[] pack = Pack(fixture, "main\n^main~40", offsetDeltas: true);
        using var indexing = new IndexedFolder();
        PackIndexResult result = await indexing.RunAsync(pack);
        Assert.Equal(ExpectedReferences(fixture, indexing.IndexPath), result.References.Select(r => $"{r.Oid} {r.Type}"));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(300_000)]
    public async Task With_little_memory_the_result_is_the_same(long memoryBytes)
    {
        GitFixture fixture = Repository();
        byte[] pack = Pack(fixture, "main\n^main~40", offsetDeltas: true);
        using var indexing = new IndexedFolder();
        PackIndexResult result = await indexing.RunAsync(pack, limits: new PackLimits { MemoryBytesMax = memoryBytes });
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
        Assert.Equal(ExpectedReferences(fixture, indexing.IndexPath), result.References.Select(r => $"{r.Oid} {r.Type}"));
        Assert.Equal(3, Directory.GetFiles(indexing.Folder).Length);
    }

    [Fact]
    public async Task An_empty_pack_has_an_empty_index()
    {
        using var indexing = new IndexedFolder();
        PackIndexResult result = await indexing.RunAsync(new PackMaker().Build());
        Assert.Equal(0, result.ObjectCount);
        Assert.Equal(indexing.IndexByGit(), await File.ReadAllBytesAsync(indexing.IndexPath));
    }

    [Fact]
    public async Task References_can_be_left_out()
    {
        using var indexing = new IndexedFolder();
        byte[] pack = new PackMaker().AddWhole(ObjectType.Commit, Encoding.ASCII.GetBytes($"tree {new string('1', 40)}\n")).Build();
        PackIndexResult result = await PackIndexer.IndexAsync(
            new MemoryStream(pack), indexing.Options with { ListReferences = false }, CancellationToken.None);
        Assert.Empty(result.References);
    }

    [Fact]
    public async Task Objects_of_a_small_pack_come_in_memory()
    {
        GitFixture fixture = Repository();
        byte[] pack = Pack(fixture, "--all", offsetDeltas: true);
        IReadOnlyList<KeyValuePair<Oid, GitObject>> objects =
            await PackIndexer.ReadObjectsAsync(new MemoryStream(pack), null, PackLimits.Default, CancellationToken.None);
        Assert.Equal(fixture.CountObjects(), objects.Count);
        foreach ((Oid oid, GitObject value) in objects)
        {
            Assert.Equal(oid, ObjectHash.Compute(value.Type, value.Content.Span));
        }
    }

    [Fact]
    public async Task Objects_in_memory_stay_below_their_limit()
    {
        byte[] pack = new PackMaker().AddWhole(ObjectType.Blob, new byte[5000]).AddWhole(ObjectType.Blob, new byte[5001]).Build();
        GitFormatException bad = await Assert.ThrowsAsync<GitFormatException>(() => PackIndexer.ReadObjectsAsync(
            new MemoryStream(pack), null, new PackLimits { MemoryBytesMax = 10_000 }, CancellationToken.None));
        Assert.Equal(GitFormatError.OverLimit, bad.Kind);
    }

    [Fact]
    public async Task A_file_that_exists_is_not_touched()
    {
        using var indexing = new IndexedFolder();
        await File.WriteAllTextAsync(indexing.IndexPath, "mine");
        await Assert.ThrowsAsync<IOException>(() => indexing.RunAsync(new PackMaker().Build()));
        Assert.Equal("mine", await File.ReadAllTextAsync(indexing.IndexPath));
        Assert.False(File.Exists(indexing.PackPath));
    }

    [Fact]
    public async Task Cancelling_leaves_no_file()
    {
        using var indexing = new IndexedFolder();
        using var source = new CancellationTokenSource();
        var pack = new MemoryStream(new PackMaker().AddWhole(ObjectType.Blob, [1]).Build());
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PackIndexer.IndexAsync(pack, indexing.Options, source.Token));
        Assert.Empty(Directory.GetFiles(indexing.Folder));
    }

    internal static byte[] Pack(GitFixture fixture, string revisions, bool offsetDeltas, bool thin = false)
    {
        string[] options = [.. (string[])["pack-objects", "--revs", "--stdout", "-q"], .. offsetDeltas ? (string[])["--delta-base-offset"] : [], .. thin ? (string[])["--thin"] : []];
        return revisions == "--all"
            ? fixture.Git.RunBytes([], [.. options, revisions])
            : fixture.Git.RunBytes(Encoding.ASCII.GetBytes(revisions + "\n"), options);
    }

    private static byte[] Bytes(Oid oid)
    {
        byte[] bytes = new byte[20];
        oid.CopyTo(bytes);
        return bytes;
    }

    private static int[] TypesByGit(GitFixture fixture)
    {
        int[] counts = new int[5];
        foreach (string line in fixture.Git.Lines("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"))
        {
            Assert.True(ObjectTypeNames.TryParse(Encoding.ASCII.GetBytes(line), out ObjectType type));
            counts[(int)type]++;
        }

        return counts;
    }

    /// <summary>By git's own eyes: what the objects of a pack refer to, read one by one, less the pack's own.</summary>
    private static List<string> ExpectedReferences(GitFixture fixture, string index)
    {
        string[] own = [.. fixture.Git.Run(File.ReadAllBytes(index), "show-index").Split('\n').Select(line => line.Split(' ')[1])];
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string oid in own)
        {
            string type = fixture.Git.Run("cat-file", "-t", oid);
            if (type == "tree")
            {
                foreach (string[] entry in fixture.Git.Lines("ls-tree", oid).Select(line => line.Split(' ', '\t')).Where(e => e[1] != "commit"))
                {
                    expected[entry[2]] = entry[1] == "tree" ? "Tree" : "Blob";
                }
            }
            else if (type == "commit")
            {
                string[] lines = fixture.Git.Lines("log", "-1", "--format=%T %P", oid)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                expected[lines[0]] = "Tree";
                foreach (string parent in lines[1..])
                {
                    expected[parent] = "Commit";
                }
            }
        }

        return [.. expected.Where(e => !own.Contains(e.Key)).Select(e => $"{e.Key} {e.Value}")];
    }

    private GitFixture Repository()
    {
        GitCommand.Require(Assert.Skip);
        return new GitFixture(_folder["source.git"]).AddHistory(150, 25).AddUnusualEntries().AddOddObjects().AddUnusualTags().Repack();
    }
}
