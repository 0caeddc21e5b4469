using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Store.Checks;
using Actors.Store.Exports;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Real git makes what is taken in, and judges what is exported.</summary>
public sealed class SharedObjectStoreOracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SharedPostgres _postgres;

    public SharedObjectStoreOracleTests(SharedPostgres postgres)
    {
        GitCommand.Require(Assert.Skip);
        _postgres = postgres;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Thin_packs_through_two_processes_come_out_as_gits_repository()
    {
        GitFixture source = new GitFixture(_folder["source.git"])
            .AddHistory(20).AddUnusualEntries().AddOddObjects().AddUnusualTags().AddTag("v1").Repack();
        using SharedStores stores = await SharedStores.MakeAsync(_postgres, Assert.Skip);
        await using SharedObjectStore one = await stores.OpenAsync();
        await using SharedObjectStore two = await stores.OpenAsync();
        string[] commits = source.Git.Lines("rev-list", "--reverse", "--first-parent", "main");
        for (int i = 0; i < commits.Length; i++)
        {
            // Each thin pack has its bases in packs of the other process.
            byte[] pack = GitPacks.Pack(source, i == 0 ? commits[i] : $"{commits[i]} ^{commits[i - 1]}");
            Assert.Equal(CommitStatus.Committed, (await GitPacks.IngestAsync(i % 2 == 0 ? one : two, pack, Stop)).Status);
            if (i % 7 == 6)
            {
                await one.CompactAsync(new CompactionOptions(), Stop);
            }
        }

        Assert.Equal(CommitStatus.Committed, (await GitPacks.IngestAsync(two, GitPacks.Pack(source, "--all"), Stop)).Status);
        await AssertExportsAsync(stores, source);
        CompactionResult result = await two.CompactAsync(new CompactionOptions { Full = true }, Stop);
        Assert.Equal(1, result.PacksAfter);
        Assert.Equal(source.CountObjects(), (await one.ReadFiguresAsync(Stop)).Objects);
        await AssertExportsAsync(stores, source);
    }

    /// <summary>By a process with an empty cache, that fetches only what it reads.</summary>
    private async Task AssertExportsAsync(SharedStores stores, GitFixture source)
    {
        await using SharedObjectStore reader = await stores.OpenAsync();
        Snapshot snapshot = Snapshot.Create(source.Refs.Where(one => one.Name != "HEAD").Select(one =>
        {
            var peeled = Oid.Parse(source.Oid(one.Name + "^{}"));
            var target = Oid.Parse(one.Oid);
            return new SnapshotBranch(
                RefName.Parse(one.Name), peeled == target ? SnapshotTarget.Revision : SnapshotTarget.Release, target, null, peeled == target ? null : peeled);
        }));
        string folder = _folder[Path.GetRandomFileName()];
        Assert.Equal(source.CountObjects(), await RepositoryExport.WriteAsync(reader, snapshot, folder, Stop));
        StoreJudge.AssertSame(source.Git, new GitCommand(folder));
        Assert.Empty(await new StoreCheck(reader, null, new StoreCheckOptions { Threads = 1 }).RunAsync(Stop).ToListAsync(Stop));
    }
}
