using System.Net;
using System.Net.Sockets;
using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;
using Xunit;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Store.Tests.Index.Ranges;

public sealed class SharedIndexPeersTests
{
    private static readonly SharedIndexOptions Split = SharedIndexWorld.Small with { HoldsAll = false };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Each_process_has_its_ranges_and_asks_the_others_for_theirs(int copies)
    {
        await using var world = new SharedIndexWorld(16);
        await AddPacksAsync(world);
        SharedIndexInstance[] all = await StartAsync(world, 3, Split with { Copies = copies });
        Assert.Equal(16 * copies, all.Sum(one => one.Index.Held.Count));
        int[] held = [.. all.Select(one => one.Index.Held.Count)];
        foreach (SharedIndexInstance one in all)
        {
            await world.AssertAgreesAsync(one);
        }

        // Nobody fetched what another has.
        Assert.Equal(held, all.Select(one => one.Index.Held.Count));
    }

    [Fact]
    public async Task A_batch_of_more_oids_than_one_question_takes_is_answered_in_its_order()
    {
        await using var world = new SharedIndexWorld(2);
        Oid[] stored = IndexDirectory.RandomOids(world.Random, 200_000);
        await world.AddPackAsync(stored, []);
        SharedIndexInstance[] two = await StartAsync(world, 1, Split);
        SharedIndexInstance asker = world.Start(Split);
        await asker.RefreshAsync();
        await asker.Index.BeatAsync(default);
        Oid[] asked = [.. stored, .. IndexDirectory.RandomOids(world.Random, 100_000)];
        world.Random.Shuffle(asked);
        bool[] present = new bool[asked.Length];
        await asker.Index.ContainsAsync(asked, present, default);
        Assert.Equal(asked.Select(oid => stored.AsSpan().BinarySearch(oid) >= 0), present);
        Assert.Empty(asker.Index.Held);
        Assert.Equal(2, two[0].Index.Held.Count);
    }

    [Fact]
    public async Task What_the_asker_has_committed_is_found_by_a_process_that_has_not_looked_since()
    {
        await using var world = new SharedIndexWorld(4);
        SharedIndexInstance[] one = await StartAsync(world, 1, Split);
        SharedIndexInstance asker = world.Start(Split);
        await asker.RefreshAsync();
        await asker.Index.BeatAsync(default);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 100), []);
        await asker.RefreshAsync();
        Assert.Equal(0, one[0].Index.Applied);
        await world.AssertAgreesAsync(asker);
        Assert.Empty(asker.Index.Held);
        Assert.Equal(1, one[0].Index.Applied);
    }

    [Fact]
    public async Task A_process_that_cannot_catch_up_says_so_and_the_asker_fetches_the_ranges_itself()
    {
        await using var world = new SharedIndexWorld(4);
        SharedIndexInstance[] one = await StartAsync(world, 1, Split);
        SharedIndexInstance asker = world.Start(Split);
        await asker.Index.BeatAsync(default);
        await world.AddPackAsync(IndexDirectory.RandomOids(world.Random, 100), []);
        await asker.RefreshAsync();
        one[0].Catalogue.IsReachable = false;
        await world.AssertAgreesAsync(asker);
        Assert.Equal(4, asker.Index.Held.Count);

        // Fetched for a while only.
        one[0].Catalogue.IsReachable = true;
        world.Clock.Advance(Split.BorrowedFor);
        await one[0].Index.BeatAsync(default);
        await asker.Index.BeatAsync(default);
        Assert.Empty(asker.Index.Held);
        await world.AssertAgreesAsync(asker);
        Assert.Empty(asker.Index.Held);
    }

    [Fact]
    public async Task Ranges_of_a_dead_process_are_fetched_at_once_and_taken_over_when_it_is_seen_to_be_dead()
    {
        await using var world = new SharedIndexWorld(16);
        await AddPacksAsync(world);
        SharedIndexInstance[] all = await StartAsync(world, 3, Split);
        await all[0].KillAsync();
        await world.AssertAgreesAsync(all[1]);
        await world.AssertAgreesAsync(all[2]);
        world.Clock.Advance(Split.DeadAfter + TimeSpan.FromSeconds(1));
        for (int round = 0; round < 2; round++)
        {
            await all[1].Index.BeatAsync(default);
            await all[2].Index.BeatAsync(default);
        }

        world.Clock.Advance(Split.BorrowedFor);
        for (int round = 0; round < 2; round++)
        {
            await all[1].Index.BeatAsync(default);
            await all[2].Index.BeatAsync(default);
        }

        Assert.Equal(Enumerable.Range(0, 16), all[1].Index.Held.Concat(all[2].Index.Held).Order());
        await world.AssertAgreesAsync(all[1]);
        await world.AssertAgreesAsync(all[2]);
        Assert.Equal(16, all[1].Index.Held.Count + all[2].Index.Held.Count);
    }

    [Fact]
    public async Task Whoever_has_a_range_keeps_it_until_the_new_process_has_it_whole()
    {
        await using var world = new SharedIndexWorld(16);
        await AddPacksAsync(world);
        SharedIndexInstance[] old = await StartAsync(world, 1, Split);
        SharedIndexInstance late = world.Start(Split);
        late.Catalogue.Before = call => call == nameof(IIndexCatalogue.ListPacksAfterAsync) ? throw new IOException("Not now.") : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(late.ListenAsync);
        await old[0].Index.BeatAsync(default);
        Assert.Equal(16, old[0].Index.Held.Count);
        late.Catalogue.Before = _ => Task.CompletedTask;
        await late.Index.BeatAsync(default);
        Assert.InRange(late.Index.Held.Count, 1, 15);
        await old[0].Index.BeatAsync(default);
        Assert.Equal(Enumerable.Range(0, 16), old[0].Index.Held.Concat(late.Index.Held).Order());
        await world.AssertAgreesAsync(old[0]);
        await world.AssertAgreesAsync(late);
    }

    [Fact]
    public async Task A_process_that_does_not_answer_is_not_waited_for_longer_than_agreed()
    {
        await using var world = new SharedIndexWorld(4);
        await AddPacksAsync(world);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await world.Catalogue.RegisterAsync($"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", [0, 1, 2, 3], default);
        SharedIndexInstance asker = world.Start(Split);
        await asker.RefreshAsync();
        await asker.Index.BeatAsync(default);
        bool[] present = new bool[world.Packs[0].Length];
        Task asking = asker.Index.ContainsAsync(world.Packs[0], present, default).AsTask();

        // It has connected, and waits for the first message that never comes.
        using TcpClient taken = await silent.AcceptTcpClientAsync();
        world.Clock.Advance(Split.PeerTimeout);
        await asking;
        Assert.DoesNotContain(false, present);
        Assert.Equal(4, asker.Index.Held.Count);
    }

    [Fact]
    public async Task A_process_of_another_store_is_not_believed_and_not_answered()
    {
        await using var world = new SharedIndexWorld(4);
        await using var other = new SharedIndexWorld(4, seed: 2);
        other.Settings.Secret[5] ^= 1;
        await AddPacksAsync(world);
        SharedIndexInstance[] stranger = await StartAsync(other, 1, Split);
        IndexProcess registered = (await other.Catalogue.ListProcessesAsync(default, default)).Single();
        await world.Catalogue.RegisterAsync(registered.Endpoint, [0, 1, 2, 3], default);
        SharedIndexInstance asker = world.Start(Split);
        await asker.RefreshAsync();
        await asker.Index.BeatAsync(default);
        await world.AssertAgreesAsync(asker);
        Assert.Equal(4, asker.Index.Held.Count);
        Assert.Equal(4, stranger[0].Index.Held.Count);
    }

    private static async Task AddPacksAsync(SharedIndexWorld world)
    {
        for (int i = 0; i < 10; i++)
        {
            await world.AddPackAsync(200);
        }
    }

    /// <summary>Processes that have seen each other, and have left each other what is theirs.</summary>
    private static async Task<SharedIndexInstance[]> StartAsync(SharedIndexWorld world, int count, SharedIndexOptions options)
    {
        SharedIndexInstance[] all = [.. Enumerable.Range(0, count).Select(_ => world.Start(options))];
        foreach (SharedIndexInstance one in all)
        {
            await one.RefreshAsync();
            await one.ListenAsync();
        }

        for (int round = 0; round < 2; round++)
        {
            foreach (SharedIndexInstance one in all)
            {
                await one.Index.BeatAsync(default);
            }
        }

        return all;
    }
}
