using Actors.Store.Blobs;
using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class SharedIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(256)]
    public async Task What_is_visible_is_found_after_a_refresh_and_not_before(int ranges)
    {
        await using var world = new SharedIndexWorld(ranges);
        SharedIndexInstance one = world.Start();
        Assert.Equal(0, await one.Index.RefreshAsync(default));
        CataloguePack pack = await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 300), []);
        long[] found = new long[300];
        await one.Index.LocateAsync(world.Packs[0], found, default);
        Assert.All(found, sequence => Assert.Equal(-1, sequence));
        Assert.Equal(pack.Sequence, await one.Index.RefreshAsync(default));
        await one.Index.LocateAsync(world.Packs[0], found, default);
        Assert.All(found, sequence => Assert.Equal(pack.Sequence, sequence));
        await one.Index.LocateAsync(ReadOnlyMemory<Oid>.Empty, Memory<long>.Empty, default);
    }

    [Fact]
    public async Task Ranges_that_are_asked_by_themselves_and_together_have_the_same_oids()
    {
        await using var world = new SharedIndexWorld(8);
        for (int i = 0; i < 20; i++)
        {
            await world.AddPackAsync(100);
        }

        SharedIndexInstance merger = world.Start();
        await merger.RefreshAsync();
        await merger.Index.MergeAllAsync(default);
        SharedIndexInstance all = world.Start();
        await all.RefreshAsync();
        long count = 0;
        var perRange = new Dictionary<int, long>();
        foreach (CatalogueRun run in await world.Catalogue.ListRunsAsync(default))
        {
            perRange.Add(run.Range, run.Entries);
            count += run.Entries;
        }

        Assert.Equal(8, perRange.Count);
        Assert.Equal(world.Packs.SelectMany(oids => oids).Distinct().LongCount(), count);
        Assert.Equal(count, all.Index.Count);
        await world.AssertAgreesAsync(all);
    }

    [Fact]
    public async Task Of_a_large_pack_index_only_the_blocks_of_wanted_ranges_are_fetched()
    {
        await using var world = new SharedIndexWorld(256);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 50_000), []);
        SharedIndexInstance none = world.Start(SharedIndexWorld.Small with { HoldsAll = false });
        await none.RefreshAsync();
        Assert.Equal(0, none.FetchedBytes);
        Oid[] asked = [world.Packs[0][100], world.Packs[0][101]];
        bool[] present = new bool[2];
        await none.Index.ContainsAsync(asked, present, default);
        Assert.Equal([true, true], present);

        // The head, one slice of four kilobytes, and what lies in the same blocks: of 1.4 MB.
        Assert.InRange(none.FetchedBytes, 1, 20_000);
    }

    [Fact]
    public async Task Oids_of_a_replaced_pack_are_found_though_its_blobs_are_gone_and_nobody_had_read_them()
    {
        await using var world = new SharedIndexWorld(4);
        SharedIndexInstance early = world.Start();
        CataloguePack first = await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 30), []);
        await early.RefreshAsync();
        CataloguePack second = await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 30), []);
        await world.AddPackAsync([.. world.Packs[0].Concat(world.Packs[1]).Order()], [first.Sequence, second.Sequence]);
        await world.Blobs.DeleteAsync([first.IndexKey, second.IndexKey], default);
        SharedIndexInstance late = world.Start();
        await early.RefreshAsync();
        await late.RefreshAsync();
        Assert.Equal((3L, 3L), (early.Index.Applied, late.Index.Applied));
        await world.AssertAgreesAsync(early);
        await world.AssertAgreesAsync(late);
    }

    [Fact]
    public async Task A_pack_that_is_merged_away_while_it_is_being_read_makes_the_look_begin_anew()
    {
        await using var world = new SharedIndexWorld(4);
        CataloguePack first = await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 30), []);
        SharedIndexInstance one = world.Start();
        bool isDone = false;
        one.Catalogue.After = async call =>
        {
            if (call == nameof(IIndexCatalogue.ListPacksAfterAsync) && !isDone)
            {
                isDone = true;
                await world.AddPackAsync(world.Packs[0], [first.Sequence]);
                await world.Blobs.DeleteAsync([first.IndexKey], default);
            }
        };
        Assert.Equal(2, await one.Index.RefreshAsync(default));
        await world.AssertAgreesAsync(one);
    }

    [Fact]
    public async Task A_refresh_that_fails_leaves_what_was_found_and_the_next_one_makes_up_for_it()
    {
        await using var world = new SharedIndexWorld(4);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 100), []);
        SharedIndexInstance one = world.Start();
        await one.RefreshAsync();
        CataloguePack second = await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 400), []);
        var saved = new MemoryStream();
        await (await world.Blobs.OpenAsync(second.IndexKey, 0, default))!.CopyToAsync(saved);
        await world.Blobs.DeleteAsync([second.IndexKey], default);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 20), []);
        await Assert.ThrowsAsync<FileNotFoundException>(one.RefreshAsync);
        Assert.Equal(1, one.Index.Applied);
        await world.AssertAgreesAsync(one);
        saved.Position = 0;
        await world.Blobs.PutAsync(second.IndexKey, saved, BlobPutOptions.Replace, default);
        Assert.Equal(3, await one.Index.RefreshAsync(default));
        await world.AssertAgreesAsync(one);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_is_damaged_or_gone_costs_reading_its_packs_and_the_next_merge_lists_a_new_one(bool isGone)
    {
        await using var world = new SharedIndexWorld(2);
        SharedIndexInstance writer = world.Start();
        for (int i = 0; i < 3; i++)
        {
            await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 300 / (i + 1)), []);
            await writer.RefreshAsync();
            while (await writer.Index.MergeStepAsync(default))
            {
            }
        }

        CatalogueRun broken = (await world.Catalogue.ListRunsAsync(default))[0];
        await world.Blobs.DeleteAsync([broken.Key], default);
        if (!isGone)
        {
            byte[] bytes = new byte[broken.Bytes];
            world.Random.NextBytes(bytes);
            await world.Blobs.PutAsync(broken.Key, new MemoryStream(bytes), BlobPutOptions.Replace, default);
        }

        SharedIndexInstance reader = world.Start();
        await reader.RefreshAsync();
        await world.AssertAgreesAsync(reader);
        Assert.True(await reader.Index.MergeStepAsync(default));
        Assert.DoesNotContain(broken.Id, (await world.Catalogue.ListRunsAsync(default)).Select(run => run.Id));
        await world.AssertTilesAsync();
        SharedIndexInstance after = world.Start();
        await after.RefreshAsync();
        await world.AssertAgreesAsync(after);
        await world.AssertAgreesAsync(reader);
    }

    [Fact]
    public async Task Look_ups_go_on_while_packs_come_and_runs_are_merged()
    {
        await using var world = new SharedIndexWorld(4);
        Oid[] known = IndexDirectory.RandomOids(world.Random, 500);
        await world.AddPackAsync(known, []);
        SharedIndexInstance one = world.Start();
        await one.RefreshAsync();
        using var ending = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            bool[] present = new bool[known.Length];
            while (!ending.IsCancellationRequested)
            {
                await one.Index.ContainsAsync(known, present, default);
                Assert.DoesNotContain(false, present);
            }
        }))];
        for (int i = 0; i < 60; i++)
        {
            await world.AddPackAsync(60);
            await one.RefreshAsync();
            _ = i % 10 == 0 ? await one.Index.MergeStepAsync(default) : false;
            if (i == 30)
            {
                await one.Index.MergeAllAsync(default);
            }
        }

        await ending.CancelAsync();
        await Task.WhenAll(readers);
        await world.AssertAgreesAsync(one);
    }
}
