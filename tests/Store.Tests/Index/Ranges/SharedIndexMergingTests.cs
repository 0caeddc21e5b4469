using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;
using Actors.TestKit.Blobs;
using Xunit;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class SharedIndexMergingTests
{
    [Fact]
    public async Task Runs_of_a_range_are_few_and_each_object_is_written_a_logarithmic_number_of_times()
    {
        await using var world = new SharedIndexWorld(1);
        SharedIndexInstance one = world.Start();
        var written = new Dictionary<long, long>();
        for (int i = 0; i < 200; i++)
        {
            await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 50), []);
            await one.RefreshAsync();
            while (await one.Index.MergeStepAsync(default))
            {
            }

            foreach (CatalogueRun run in await world.Catalogue.ListRunsAsync(default))
            {
                written[run.Id] = run.Entries;
            }
        }

        Assert.InRange((await world.Catalogue.ListRunsAsync(default)).Count, 1, 8);
        Assert.InRange(written.Values.Sum(), 10_000, 10_000 * 8);
        await world.AssertTilesAsync();
        await world.AssertAgreesAsync(one);
    }

    [Fact]
    public async Task Records_go_over_to_the_packs_that_have_the_objects_now()
    {
        await using var world = new SharedIndexWorld(2);
        SharedIndexInstance one = world.Start();
        CataloguePack first = await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 6), []);
        await one.RefreshAsync();
        await world.AddPackAsync(world.Packs[0], [first.Sequence]);
        await one.RefreshAsync();
        long[] found = new long[6];
        await one.Index.LocateAsync(world.Packs[0], found, default);

        // The record that is here is as good, so it was left alone.
        Assert.All(found, sequence => Assert.Equal(1, sequence));
        await one.Index.MergeAllAsync(default);
        Assert.Equal(6, (await world.Catalogue.ListRunsAsync(default)).Sum(run => run.Entries));
        SharedIndexInstance other = world.Start();
        await other.RefreshAsync();
        await other.Index.LocateAsync(world.Packs[0], found, default);
        Assert.All(found, sequence => Assert.Equal(2, sequence));
    }

    [Fact]
    public async Task Whoever_slept_longer_than_its_lease_replaces_nothing()
    {
        await using var world = new SharedIndexWorld(1);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 200), []);
        SharedIndexInstance sleeper = world.Start();
        SharedIndexInstance other = world.Start();
        await sleeper.RefreshAsync();
        var asleep = new TaskCompletionSource();
        var awake = new TaskCompletionSource();
        sleeper.Catalogue.Before = async call =>
        {
            if (call == nameof(IIndexCatalogue.ListRunAsync))
            {
                sleeper.Catalogue.Before = _ => Task.CompletedTask;
                asleep.SetResult();
                await awake.Task;
            }
        };
        Task<bool> merge = sleeper.Index.MergeStepAsync(default);
        await asleep.Task;

        // A sleeping process renews nothing.
        sleeper.Catalogue.IsReachable = false;
        world.Clock.Advance(2 * SharedIndexWorld.Small.LeaseDuration);
        sleeper.Catalogue.IsReachable = true;
        await other.RefreshAsync();
        Assert.True(await other.Index.MergeStepAsync(default));
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 30), []);
        await other.RefreshAsync();
        await other.Index.MergeAllAsync(default);
        CatalogueRun[] before = [.. await world.Catalogue.ListRunsAsync(default)];
        awake.SetResult();
        Assert.False(await merge);
        Assert.Equal(before, await world.Catalogue.ListRunsAsync(default));
        await sleeper.RefreshAsync();
        await world.AssertAgreesAsync(sleeper);
        await world.AssertTilesAsync();
    }

    [Fact]
    public async Task A_merge_that_goes_on_keeps_its_lease()
    {
        await using var world = new SharedIndexWorld(1);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 200), []);
        SharedIndexInstance slow = world.Start();
        SharedIndexInstance other = world.Start();
        await slow.RefreshAsync();
        await other.RefreshAsync();
        slow.Catalogue.Before = async call =>
        {
            if (call == nameof(IIndexCatalogue.BeginUploadAsync))
            {
                for (int third = 0; third < 9; third++)
                {
                    world.Clock.Advance(SharedIndexWorld.Small.LeaseDuration / 3);
                }

                Assert.False(await other.Index.MergeStepAsync(default));
            }
        };
        Assert.True(await slow.Index.MergeStepAsync(default));
        Assert.Single(await world.Catalogue.ListRunsAsync(default));
    }

    [Fact]
    public async Task A_process_that_dies_at_any_step_of_a_merge_leaves_an_index_that_others_use_and_merge()
    {
        int steps = await MergeDyingAtAsync(int.MaxValue);
        Assert.InRange(steps, 20, 200);
        for (int step = 0; step < steps; step++)
        {
            await MergeDyingAtAsync(step);
        }
    }

    [Fact]
    public async Task Processes_that_merge_at_once_end_with_one_tiling()
    {
        await using var world = new SharedIndexWorld(4);
        SharedIndexInstance[] all = [world.Start(), world.Start(), world.Start()];
        for (int i = 0; i < 15; i++)
        {
            await world.AddPackAsync(200);
            await Task.WhenAll(all.Select(one => Task.Run(async () =>
            {
                await one.RefreshAsync();
                while (await one.Index.MergeStepAsync(default))
                {
                }
            })));
            await world.AssertTilesAsync();
        }

        foreach (SharedIndexInstance one in all)
        {
            await one.RefreshAsync();
            await world.AssertAgreesAsync(one);
        }
    }

    /// <summary>Two merges by a process that dies before or after its n-th call to catalogue or blobs.</summary>
    /// <returns>How many calls there were.</returns>
    private static async Task<int> MergeDyingAtAsync(int step)
    {
        await using var world = new SharedIndexWorld(2);
        SharedIndexInstance witness = world.Start();
        int calls = 0;
        var blobs = new FaultyBlobStore(world.Blobs, seed: 1, BlobFaults.None) { Observer = (_, _) => Call() };
        SharedIndexInstance dying = world.Start(blobs: blobs);
        dying.Catalogue.Before = dying.Catalogue.After = _ =>
        {
            Call();
            return Task.CompletedTask;
        };
        try
        {
            for (int i = 0; i < 2; i++)
            {
                await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 220), []);
                await dying.RefreshAsync();
                while (await dying.Index.MergeStepAsync(default))
                {
                }
            }
        }
        catch (IOException)
        {
            Assert.True(calls > step);
        }

        await world.AssertTilesAsync();
        await witness.RefreshAsync();
        await world.AssertAgreesAsync(witness);
        world.Clock.Advance(2 * SharedIndexWorld.Small.LeaseDuration);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 220), []);
        await witness.RefreshAsync();
        while (await witness.Index.MergeStepAsync(default))
        {
        }

        Assert.All((await world.Catalogue.ListRunsAsync(default)).GroupBy(run => run.Range), range => Assert.Equal(world.Packs.Count, range.Max(run => run.LastSequence)));
        await world.AssertTilesAsync();
        SharedIndexInstance late = world.Start();
        await late.RefreshAsync();
        await world.AssertAgreesAsync(late);
        await world.AssertAgreesAsync(witness);
        return calls;

        void Call()
        {
            if (calls++ >= step)
            {
                throw new IOException("This process is dead.");
            }
        }
    }
}
