using Actors.Store.Heads;
using Actors.TestKit.Servers;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads.Postgres;

/// <summary>Several processes on one database, as several stores.</summary>
public sealed class SharingTests(SharedPostgres shared)
{
    private const int Repositories = 40;
    private const int Rounds = 15;
    private const int Stores = 3;

    [Fact]
    public async Task Processes_that_record_the_same_repositories_at_once_number_their_visits_together()
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        PostgresHeadStore[] stores = await Task.WhenAll(Enumerable.Range(0, Stores).Select(_ => HeadDatabase.OpenAsync(connection)));
        await Task.WhenAll(stores.Select((store, s) => Task.Run(async () =>
        {
            Random random = new(s);
            int[] order = [.. Enumerable.Range(0, Repositories)];
            for (int round = 0; round < Rounds; round++)
            {
                // New repositories in different orders, the same snapshots, several batches at once.
                random.Shuffle(order);
                int minute = (s * Rounds) + round;
                await Task.WhenAll(order.Chunk(10).Select(batch => store.RecordAsync([.. batch.Select(i => Visit(i, Outcome.Updated, minute, Snapshot(round, branches: 12)))], default).AsTask()));
            }
        })));

        List<RepositoryState> states = await ListAsync(stores[0].ListAsync(default));
        Assert.Equal(Enumerable.Range(0, Repositories).Select(i => Url(i).ToString()).Order(), states.Select(s => s.Url.ToString()).Order());
        foreach (RepositoryState state in states)
        {
            List<Visit> visits = await ListAsync(stores[1].ListVisitsAsync(state.Url, default));
            Assert.Equal(Enumerable.Range(1, Stores * Rounds).Reverse().Select(n => (long)n), visits.Select(v => v.Number));
            Assert.Equal(Enumerable.Range(0, Stores * Rounds), visits.Select(v => (int)(v.StartedAt - Start).TotalMinutes).Order());
            // Each visit's heads are those that it brought, whatever the others did in between.
            Assert.All(visits, v => Assert.Equal(Snapshot((int)(v.StartedAt - Start).TotalMinutes % Rounds, branches: 12).Id, v.Snapshot));
            Assert.Equal(visits[0].Snapshot, state.Snapshot);
        }

        Assert.Equal(Repositories, (await stores[2].CountByOutcomeAsync(default))[(int)Outcome.Updated]);
        Assert.Equal((long)Rounds, await HeadDatabase.ScalarAsync(connection, "SELECT count(*) FROM snapshot"));
        await Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Visits_and_imports_of_the_same_repositories_at_once_lose_nothing()
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await using PostgresHeadStore one = await HeadDatabase.OpenAsync(connection);
        await using PostgresHeadStore two = await HeadDatabase.OpenAsync(connection);
        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (int i = 0; i < 200; i += 10)
                {
                    await one.RecordAsync([.. Enumerable.Range(i, 10).Select(n => Visit(n, Outcome.Gone))], default);
                }
            }),
            Task.Run(async () =>
            {
                for (int i = 190; i >= 0; i -= 10)
                {
                    await two.ImportAsync([.. Enumerable.Range(i, 10).Reverse().Select(n => new ImportedHeads(Url(n), [Oid(n)]))], default);
                }
            }));
        Assert.All(await ListAsync(one.ListAsync(default)), state => Assert.Equal((1, Outcome.Gone), (state.Visit, state.Outcome)));
        IReadOnlyList<long> counts = await two.CountByOutcomeAsync(default);
        Assert.Equal((0, 200, 200), (counts[0], counts[(int)Outcome.Gone], counts.Sum()));
        Assert.Equal([Oid(77)], (await one.FindImportedAsync(Url(77), default))!.Oids);
    }

    [Fact]
    public async Task Callers_that_come_together_share_transactions()
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(connection);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.RecordAsync([Visit(i, Outcome.Gone)], default).AsTask()));
        Assert.Equal(500L, await HeadDatabase.ScalarAsync(connection, "SELECT count(*) FROM visit"));
        Assert.InRange((long)(await HeadDatabase.ScalarAsync(connection, "SELECT max(groups) FROM head_writer"))!, 1, 50);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_written_harms_no_other()
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(connection);
        Task[] all = [.. Enumerable.Range(0, 30).Select(i => store.RecordAsync([Visit(i, Outcome.Gone), Visit(1000 + i, Outcome.Gone) with { Campaign = new CampaignId(i == 13 ? long.MaxValue : 1) }], default).AsTask())];
        await Assert.ThrowsAsync<ArgumentException>(() => all[13]);
        await Task.WhenAll(all.Where((_, i) => i != 13));
        Assert.Equal(58L, await HeadDatabase.ScalarAsync(connection, "SELECT count(*) FROM visit"));
    }
}
