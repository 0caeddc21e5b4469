using Actors.Git.Objects;
using Actors.Store.Index;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>
/// What a killed process leaves: the store's directory is copied at every named step, and each copy must open, be closed, hold all that
/// was committed before, and converge when the work is done again.
/// </summary>
public sealed class LocalObjectStoreCrashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Step, string Path)> _copies = [];
    private readonly GitFixture _source;
    private bool _copying;

    public LocalObjectStoreCrashTests()
    {
        GitCommand.Require(Assert.Skip);
        _source = new GitFixture(_folder["source.git"]).AddHistory(12);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_ingest_leaves_a_closed_store_and_the_next_one_converges()
    {
        string first = _source.Oid("main~6");
        byte[] update = GitPacks.Pack(_source, $"main ^{first}");
        await using (LocalObjectStore store = Open(_folder["store"]))
        {
            await GitPacks.IngestAsync(store, GitPacks.Pack(_source, first), Stop);
            _copying = true;
            await GitPacks.IngestAsync(store, update, Stop);
        }

        Assert.Equal(["pack-renamed", "idx-renamed", "index-added"], _copies.Select(one => one.Step));
        foreach ((_, string path) in _copies)
        {
            await AssertConvergesAsync(path, first, store => GitPacks.IngestAsync(store, update, Stop));
        }
    }

    [Fact]
    public async Task Killed_ingest_of_two_packs_leaves_a_closed_store_at_each_step()
    {
        string[] commitsAndTrees = [.. _source.Git.Lines("rev-list", "--objects", "--no-object-names", "--filter=blob:none", "main")];
        string[] blobs = [.. GitPacks.ListObjects(_source, "main").Select(one => one.ToString()).Except(commitsAndTrees)];
        byte[][] packs = [.. new[] { commitsAndTrees, blobs }.Select(PackOf)];
        await using (LocalObjectStore store = Open(_folder["store"]))
        {
            _copying = true;
            await IngestTogetherAsync(store, packs);
        }

        Assert.Equal(["pack-renamed", "idx-renamed", "index-added", "pack-renamed", "idx-renamed", "index-added"], _copies.Select(one => one.Step));
        foreach ((_, string path) in _copies)
        {
            await AssertConvergesAsync(path, null, store => IngestTogetherAsync(store, packs));
        }
    }

    [Fact]
    public async Task Killed_compaction_loses_nothing_and_the_next_one_converges()
    {
        await using (LocalObjectStore store = Open(_folder["store"]))
        {
            await GitPacks.IngestEachCommitAsync(store, _source, "main", null, Stop);
            _copying = true;
            await store.CompactAsync(new CompactionOptions { Full = true }, Stop);
        }

        Assert.Equal(
            ["merged-written", "pack-renamed", "idx-renamed", "index-added", "index-replaced", "old-idx-removed", "old-pack-removed"],
            _copies.Select(one => one.Step).Distinct());
        foreach ((_, string path) in _copies.DistinctBy(one => one.Step))
        {
            await AssertConvergesAsync(path, "main", async store =>
            {
                CompactionResult result = await store.CompactAsync(new CompactionOptions { Full = true }, Stop);
                Assert.Equal(1, result.PacksAfter);
                Assert.Equal(_source.CountObjects(), (await store.ReadFiguresAsync(Stop)).Objects);
            });
        }
    }

    [Fact]
    public async Task Killed_reconsideration_leaves_the_packs_aside_or_visible()
    {
        string missing = _source.Oid("main~11");
        await using (LocalObjectStore store = Open(_folder["store"]))
        {
            CommitResult aside = await GitPacks.IngestAsync(store, GitPacks.Pack(_source, $"main ^{missing}", thin: false), Stop);
            Assert.Equal(CommitStatus.NotClosed, aside.Status);
            await GitPacks.IngestAsync(store, GitPacks.Pack(_source, missing), Stop);
            _copying = true;
            Assert.Equal(1, await store.ReconsiderAsideAsync(Stop));
        }

        Assert.Equal(["pack-renamed", "idx-renamed", "index-added", "aside-removed"], _copies.Select(one => one.Step));
        foreach ((_, string path) in _copies)
        {
            await AssertConvergesAsync(path, missing, async store =>
            {
                await store.ReconsiderAsideAsync(Stop);
                Assert.Empty(await store.ListAsideAsync(Stop).ToListAsync(Stop));
            });
        }
    }

    [Fact]
    public async Task Leftovers_of_every_kind_are_swept_by_the_next_writer()
    {
        await using (LocalObjectStore store = Open(_folder["store"]))
        {
            await GitPacks.IngestAsync(store, GitPacks.Pack(_source, "main"), Stop);
        }

        string packs = _folder["store", "objects", "pack"];
        string[] good = [.. Directory.GetFiles(packs).Order(StringComparer.Ordinal)];
        string orphan = new('a', Oid.HexLength);
        File.WriteAllText(Path.Combine(packs, $"pack-{orphan}.pack"), "half a pack");
        File.WriteAllText(Path.Combine(packs, $"pack-{new string('b', Oid.HexLength)}.idx"), "half an index");
        _folder.Write(Path.Combine("store", "incoming", "7", "0.pack"), "half a pack");
        await using (LocalObjectStore store = Open(_folder["store"]))
        {
            Assert.Equal(1, (await store.ReadFiguresAsync(Stop)).Packs);
        }

        Assert.Equal(good, Directory.GetFiles(packs).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_folder["store", "incoming"]));
    }

    [Fact]
    public async Task Lost_index_is_made_again_from_the_packs()
    {
        await using (LocalObjectStore store = Open(_folder["store"]))
        {
            await GitPacks.IngestAsync(store, GitPacks.Pack(_source, "main"), Stop);
        }

        Directory.Delete(_folder["store", "index"], recursive: true);
        await using LocalObjectStore again = Open(_folder["store"]);
        Assert.Equal(_source.CountObjects(), (await again.ReadFiguresAsync(Stop)).Objects);
        Assert.NotNull(await again.ReadAsync(Oid.Parse(_source.Oid("main")), 10_000, Stop));
    }

    private async Task AssertConvergesAsync(string path, string? committed, Func<LocalObjectStore, Task> again)
    {
        (string Name, string Oid)[] before = committed is null ? [] : [("refs/heads/before", _source.Oid(committed))];
        await using (LocalObjectStore store = Open(path))
        {
            var judge = new StoreJudge(Path.Combine(path, "objects"), path + "-judge");
            judge.AssertClosed();
            judge.AssertHolds(_source, before);
            bool[] present = new bool[1];
            foreach ((_, string oid) in before)
            {
                await store.ContainsAsync(new[] { Oid.Parse(oid) }, present, Stop);
                Assert.Equal([true], present.ToList());
            }

            await again(store);
            judge.AssertHolds(_source);
            judge.AssertClosed();
        }

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(path, "incoming")));
    }

    private static async Task<CommitResult> IngestTogetherAsync(LocalObjectStore store, byte[][] packs)
    {
        await using IPackIngest ingest = await store.BeginIngestAsync(new IngestOptions(), Stop);
        foreach (byte[] pack in packs)
        {
            await ingest.AddAsync(new MemoryStream(pack), Stop);
        }

        CommitResult result = await ingest.CommitAsync("test", null, Stop);
        Assert.Equal(CommitStatus.Committed, result.Status);
        return result;
    }

    private byte[] PackOf(string[] oids) => _source.Git.RunBytes(
        System.Text.Encoding.ASCII.GetBytes(string.Concat(oids.Select(oid => oid + "\n"))), "pack-objects", "--stdout", "-q");

    private LocalObjectStore Open(string path) => LocalObjectStore.Open(path, StoreAccess.Write, TimeProvider.System, new LocalStoreOptions
    {
        Fsync = false,
        Index = ObjectIndexOptions.Default with { Fsync = false },
        Step = step =>
        {
            if (_copying && path == _folder["store"])
            {
                string copy = _folder[$"copy{_copies.Count}"];
                CopyTree(path, copy);
                _copies.Add((step, copy));
            }
        },
    });

    private static void CopyTree(string from, string to)
    {
        foreach (string directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) != ".lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
