using System.Net;
using System.Net.Sockets;
using Actors.Store.Heads;
using Actors.TestKit.Servers;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads.Postgres;

/// <summary>What the tables hold, what they refuse, and what a damaged or missing one says.</summary>
public sealed class HeadTablesTests(SharedPostgres shared)
{
    private const long PartitionVisits = 1 << 26;

    [Theory]
    [InlineData("UPDATE snapshot SET body = '\\x00', compressed = false WHERE base IS NULL", "goes beyond its base")]
    [InlineData("UPDATE snapshot SET body = '\\x01', compressed = false WHERE base IS NULL", "announces more")]
    [InlineData("UPDATE snapshot SET tail = tail + 1 WHERE base IS NOT NULL", "does not have its id")]
    [InlineData("UPDATE snapshot SET compressed = true, size = 2000000000 WHERE base IS NULL", "over the limit")]
    [InlineData("UPDATE snapshot SET base = key WHERE base IS NOT NULL", "has no end")]
    [InlineData("DELETE FROM snapshot WHERE base IS NULL", "has no end")]
    public async Task A_damaged_snapshot_says_so_and_names_the_database_without_its_password(string damage, string expected)
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip)) + ";Password=s3cret";
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(connection);
        Snapshot whole = Snapshot(5, branches: 40);
        Snapshot delta = Actors.Store.Heads.Snapshot.Create([.. whole.Branches.Where(b => b.Name.ToString() != "refs/tags/v7")]);
        await store.RecordAsync([Visit(1, Outcome.New, 0, whole)], default);
        await store.RecordAsync([Visit(1, Outcome.Updated, 1, delta)], default);
        Assert.Equal("0,1", await HeadDatabase.ScalarAsync(connection, "SELECT string_agg(depth::text, ',' ORDER BY depth) FROM snapshot"));
        Assert.Equal(delta.Branches, (await store.ReadSnapshotAsync(delta.Id, default))!.Branches);

        await HeadDatabase.ScalarAsync(connection, damage);
        HeadStoreException failure = await Assert.ThrowsAsync<HeadStoreException>(async () => await store.ReadSnapshotAsync(delta.Id, default));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", failure.DatabasePath, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_goes_on_in_a_new_partition_and_old_ones_can_be_dropped()
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(connection);
        await store.RecordAsync([Visit(1, Outcome.New, 0, Snapshot(1)), Visit(2, Outcome.Gone)], default);
        // The last place of the first partition is the next one.
        await HeadDatabase.ScalarAsync(connection, $"SELECT setval('place', {PartitionVisits - 2})");
        await store.RecordAsync([.. Enumerable.Range(1, 6).Select(i => Visit(1, Outcome.Throttled, i) with { Error = "late" })], default);
        // Another process drew very many places: the next one lies beyond what this one made room for.
        await HeadDatabase.ScalarAsync(connection, $"SELECT setval('place', {7 * PartitionVisits})");
        await store.RecordAsync([Visit(1, Outcome.Updated, 9, Snapshot(9))], default);
        Assert.Equal([8, 7, 6, 5, 4, 3, 2, 1], (await ListAsync(store.ListVisitsAsync(Url(1), default))).Select(v => v.Number));
        Assert.Equal("late", (await ListAsync(store.ListVisitsAsync(Url(1), default)))[3].Error);

        await HeadDatabase.ScalarAsync(connection, "DROP TABLE visit_00000, visit_more_00000");
        List<Visit> left = await ListAsync(store.ListVisitsAsync(Url(1), default));
        Assert.Equal([8, 7, 6, 5, 4, 3], left.Select(v => v.Number));
        Assert.Equal([Snapshot(9).Id, .. Enumerable.Repeat(Snapshot(1).Id, 5)], left.Select(v => v.Snapshot!.Value));
        Assert.Empty(await ListAsync(store.ListVisitsAsync(Url(2), default)));
        Assert.Equal((8, 1), ((await store.FindAsync([Url(1)], default))[0]!.Visit, (await store.FindAsync([Url(2)], default))[0]!.Visit));
    }

    [Fact]
    public async Task Two_URLs_of_one_key_are_never_taken_for_each_other()
    {
        string connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(connection);
        await store.RecordAsync([Visit(1, Outcome.Gone)], default);
        await HeadDatabase.ScalarAsync(connection, "UPDATE repository SET url = 'https://other.example.org/a'");
        foreach (Func<Task> work in (Func<Task>[])
            [
                async () => await store.FindAsync([Url(1)], default),
                async () => await store.RecordAsync([Visit(1, Outcome.Gone)], default),
                async () => await store.ImportAsync([new ImportedHeads(Url(1), [])], default),
            ])
        {
            Assert.Contains("another repository has the key", (await Assert.ThrowsAsync<HeadStoreException>(work)).Message, StringComparison.Ordinal);
        }

        Assert.Null(await store.FindImportedAsync(Url(1), default));
        Assert.Equal(1L, await HeadDatabase.ScalarAsync(connection, "SELECT count(*) FROM visit"));
    }

    [Fact]
    public async Task Text_that_PostgreSQL_does_not_take_is_kept_as_near_as_can_be()
    {
        await using PostgresHeadStore store = await HeadDatabase.OpenAsync(await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip)));
        await store.RecordAsync([Visit(1, Outcome.Failed) with { Error = "a\0b\ud800c \U0001F600" }], default);
        Assert.Equal("a\ufffdb\ufffdc \U0001F600", (await ListAsync(store.ListVisitsAsync(Url(1), default)))[0].Error);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_at_once_and_without_the_password()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        HeadStoreException failure = await Assert.ThrowsAsync<HeadStoreException>(
            () => HeadDatabase.OpenAsync($"Host=127.0.0.1;Port={port};Database=heads;Username=me;Password=s3cret"));
        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_or_is_newer_says_so()
    {
        PostgresServer server = await shared.StartAsync(Assert.Skip);
        HeadStoreException failure = await Assert.ThrowsAsync<HeadStoreException>(() => HeadDatabase.OpenAsync(server.ConnectionString.Replace("Database=postgres", "Database=none_such", StringComparison.Ordinal)));
        Assert.Contains("no such database", failure.Message, StringComparison.Ordinal);
        string connection = await HeadDatabase.CreateAsync(server);

        // What a later program only added stands in nobody's way: silos of two versions share a database.
        await HeadDatabase.ScalarAsync(connection, "INSERT INTO schema_script (number, name, checksum) VALUES (999, 'added', '')");
        await (await HeadDatabase.OpenAsync(connection)).DisposeAsync();
        await HeadDatabase.ScalarAsync(connection, "INSERT INTO schema_script (number, name, checksum) VALUES (9000, 'later', '')");
        failure = await Assert.ThrowsAsync<HeadStoreException>(() => HeadDatabase.OpenAsync(connection));
        Assert.Contains("use a newer one", failure.Message, StringComparison.Ordinal);
    }
}
