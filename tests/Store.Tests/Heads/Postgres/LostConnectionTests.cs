using Actors.Store.Heads;
using Actors.TestKit.Servers;
using Npgsql;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads.Postgres;

/// <summary>Connections that break at the worst moment: no visit is lost, none is recorded twice.</summary>
public sealed class LostConnectionTests(SharedPostgres shared)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(CuttingProxy.Moment.BeforeServer)]
    [InlineData(CuttingProxy.Moment.AfterAnswer)]
    [InlineData(CuttingProxy.Moment.WhileServerWorks)]
    public async Task A_connection_that_is_cut_around_COMMIT_records_the_visit_once(CuttingProxy.Moment moment)
    {
        PostgresServer server = await shared.StartAsync(Assert.Skip);
        string connection = await HeadDatabase.CreateAsync(server);
        await using CuttingProxy proxy = new(server.Port);
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(new NpgsqlConnectionStringBuilder(connection) { Port = proxy.Port }.ConnectionString);
        await store.RecordAsync([Visit(1, Outcome.New, 0, Snapshot(1))], None);

        Task cut = proxy.CutWhenAsync("COMMIT"u8.ToArray(), moment);
        await store.RecordAsync([Visit(1, Outcome.Unchanged, 1), Visit(2, Outcome.New, 1, Snapshot(2, branches: 30))], None);
        await cut;
        await store.RecordAsync([Visit(1, Outcome.Gone, 2)], None);

        Assert.Equal([3, 2, 1], (await ListAsync(store.ListVisitsAsync(Url(1), None))).Select(v => v.Number));
        Assert.Equal([1], (await ListAsync(store.ListVisitsAsync(Url(2), None))).Select(v => v.Number));
        Assert.Equal(4L, await HeadDatabase.ScalarAsync(connection, "SELECT count(*) FROM visit"));
        Assert.Equal((1, 1, 2), ((await store.CountByOutcomeAsync(None))[(int)Outcome.Gone], (await store.CountByOutcomeAsync(None))[(int)Outcome.New], (await store.CountByOutcomeAsync(None)).Sum()));
    }

    [Fact]
    public async Task A_commit_that_is_still_under_way_when_its_client_is_back_is_waited_for()
    {
        PostgresServer server = await shared.StartAsync(Assert.Skip);
        string connection = await HeadDatabase.CreateAsync(server);
        await using CuttingProxy proxy = new(server.Port);
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(new NpgsqlConnectionStringBuilder(connection) { Port = proxy.Port }.ConnectionString);

        // Someone else holds the row of a count, so that the group stops short of its commit.
        await store.RecordAsync([Visit(9, Outcome.Gone)], None);
        await using NpgsqlConnection other = new(connection + ";Pooling=false;Search Path=actors");
        await other.OpenAsync();
        await using NpgsqlTransaction holding = await other.BeginTransactionAsync();
        await using (NpgsqlCommand hold = new("SELECT * FROM outcome_count FOR UPDATE", other, holding))
        {
            await hold.ExecuteNonQueryAsync();
        }

        Task cut = proxy.CutWhenAsync("COMMIT"u8.ToArray(), CuttingProxy.Moment.WhileServerWorks);
        Task recording = store.RecordAsync([Visit(1, Outcome.Gone)], None).AsTask();
        await cut;
        // The first backend waits for the row, the second one for the first.
        while (await HeadDatabase.ScalarAsync(connection, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") is not 2L)
        {
            await Task.Yield();
        }

        Assert.False(recording.IsCompleted);
        await holding.RollbackAsync();
        await recording;
        Assert.Equal([1], (await ListAsync(store.ListVisitsAsync(Url(1), None))).Select(v => v.Number));
        Assert.Equal(2, (await store.CountByOutcomeAsync(None))[(int)Outcome.Gone]);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Random_operations_agree_with_the_model_while_backends_are_killed(int seed)
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(connection);
        await using HeadModel model = new(new Random(seed));
        await using NpgsqlConnection killer = new(connection + ";Pooling=false");
        await killer.OpenAsync();
        Random chance = new(seed);
        long killed = 0;
        for (int step = 0; step < 60; step++)
        {
            Task work = model.StepAsync(store);
            for (int i = chance.Next(8); i > 0 && !work.IsCompleted; i--)
            {
                killed += await KillAsync(killer);
            }

            await work;
        }

        Assert.NotEqual(0, killed);
        await model.AssertSameAsync(store);
    }

    [Fact]
    public async Task Random_operations_agree_with_the_model_while_the_server_crashes_and_comes_back()
    {
        PostgresServer.Require(Assert.Skip);
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(await HeadDatabase.CreateAsync(server));
        await using HeadModel model = new(new Random(21));
        for (int round = 0; round < 4; round++)
        {
            Task steps = Task.Run(async () =>
            {
                for (int step = 0; step < 12; step++)
                {
                    await model.StepAsync(store);
                }
            });
            await server.StopAsync(crash: round % 2 == 0);
            await server.RestartAsync();
            await steps;
        }

        await model.AssertSameAsync(store);
    }

    /// <summary>Ends the connections with which the store works at this moment, as an administrator or a fail-over would.</summary>
    private static async Task<long> KillAsync(NpgsqlConnection killer)
    {
        await using NpgsqlCommand command = new(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'actors' AND state <> 'idle'", killer);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
