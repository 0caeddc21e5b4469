using Actors.Store.Objects;
using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

public sealed class ManyAtOnceTests
{
    [Fact]
    public async Task Thirty_two_creations_of_one_repository_at_once_all_come_to_be()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(40).AddUnusualEntries();
        await bed.VisitAsync("library");

        Workspace[] made = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => bed.AddAsync(
            new WorkspaceRequest { Url = bed.Url("library"), Commit = source.Oid($"main~{i % 8}"), Path = i % 2 == 0 ? bed.Folder[$"w{i}"] : null, Branch = $"b{i}" }))));

        Assert.Equal(32, made.Select(one => one.Path).Distinct().Count());
        Assert.Equal(made.Select(one => one.Path).Order(StringComparer.Ordinal), bed.Root.List().Select(one => one.Path).Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetDirectories(bed.Folder["store", "workspaces", "bases"]));
        foreach (int i in (int[])[0, 1, 2, 3, 4, 5, 6, 7, 31])
        {
            bed.AssertSound(made[i], source, $"main~{i % 8}");
        }

        Assert.Equal("", string.Concat(made.Select(one => new GitCommand(one.Path).Run("status", "--porcelain"))));
    }

    [Fact]
    public async Task Of_many_requests_for_one_path_one_is_served_and_the_others_are_refused()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(5);
        await bed.VisitAsync("library");

        WorkspaceResult[] results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => bed.TryAddAsync(
            new WorkspaceRequest { Url = bed.Url("library"), Path = bed.Folder["here"] }))));

        Assert.Equal(11, results.Count(one => one.End == WorkspaceEnd.PathTaken));
        bed.AssertSound(Assert.Single(results, one => one.End == WorkspaceEnd.Made).Workspace!, source);
    }

    [Fact]
    public async Task Gc_and_prune_beside_creations_and_removals_take_nothing_that_is_used()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(6);
        await bed.VisitAsync("library");
        CancellationToken token = TestContext.Current.CancellationToken;
        using CancellationTokenSource end = new();
        Task collecting = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                await bed.Root.CollectAsync(TimeSpan.Zero, dryRun: false, token);
                bed.Root.Prune();
            }
        }, token);

        Workspace[][] made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            List<Workspace> kept = [];
            for (int i = 0; i < 8; i++)
            {
                Workspace one = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
                if (i % 2 == 0)
                {
                    Assert.Null(await bed.Root.RemoveAsync(one.Path, force: true, token));
                }
                else
                {
                    kept.Add(one);
                }
            }

            return kept.ToArray();
        })));
        await end.CancelAsync();
        await collecting;

        Assert.Equal(made.SelectMany(one => one).Select(one => one.Path).Order(StringComparer.Ordinal), bed.Root.List().Select(one => one.Path).Order(StringComparer.Ordinal));
        Assert.Equal("", string.Concat(bed.Root.List().Select(one => new GitCommand(one.Path).Run("status", "--porcelain"))));
        bed.AssertSound(made[0][0], source);
    }

    [Fact]
    public async Task Workspaces_stay_sound_while_the_store_is_synced_and_compacted_and_bases_are_collected()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(10);
        await bed.VisitAsync("library");
        List<Workspace> made = [await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") })];
        for (int round = 0; round < 4; round++)
        {
            source.AddHistory(3);
            await bed.VisitAsync("library");
            Task<CompactionResult> compaction = Task.Run(() => bed.Store.CompactAsync(new CompactionOptions { Full = true }, TestContext.Current.CancellationToken));
            Task<TidyReport> collection = Task.Run(() => bed.Root.CollectAsync(TimeSpan.Zero, dryRun: false, TestContext.Current.CancellationToken));
            made.Add(await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") }));
            await compaction;
            Assert.Empty((await collection).Removed);
        }

        Assert.Equal("", string.Concat(made.Select(one => new GitCommand(one.Path).Run("status", "--porcelain"))));
        for (int i = 0; i < made.Count; i++)
        {
            bed.AssertSound(made[i], source, $"main~{12 - (3 * i)}");
        }
    }
}
