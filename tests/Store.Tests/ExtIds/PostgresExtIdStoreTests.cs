using Actors.Git.Objects;
using Actors.Store.ExtIds;
using Actors.Store.Postgres;
using Actors.Store.Tests.Heads.Postgres;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.ExtIds;

public sealed class PostgresExtIdStoreTests(SharedPostgres shared) : ExtIdStoreConformance, IAsyncLifetime
{
    private string _connection = "";

    public async ValueTask InitializeAsync() => _connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task What_one_process_wrote_another_one_finds()
    {
        ExtIdLink link = new(ExtId.Parse("t@3:01"), Oid.Parse("1111111111111111111111111111111111111111"), ObjectType.Tag);
        await using IExtIdStore one = await OpenAsync();
        await using IExtIdStore other = await OpenAsync();
        await one.RecordAsync([link], [], CancellationToken.None);
        Assert.Equal([link], (await other.FindAsync([link.Id], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task Processes_that_write_the_same_at_once_all_succeed()
    {
        ExtIdLink[] links = [.. Enumerable.Range(0, 300).Select(i => new ExtIdLink(new ExtId("t", 0, $"{i:x8}"), Oid.Parse($"{i + 1:x40}"), ObjectType.Commit))];
        ContentName[] contents = [.. links.Select((link, i) => new ContentName(link.Target, $"{i:x40}", $"{i:x64}", i))];
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            await using IExtIdStore store = await OpenAsync();
            await store.RecordAsync([.. i % 2 == 0 ? links : links.Reverse(), .. links.Select(link => new ExtIdLink(link.Id, Oid.Zero, ObjectType.None))], contents, CancellationToken.None);
        }));
        await using IExtIdStore after = await OpenAsync();
        Assert.Equal(links, (await after.FindAsync([.. links.Select(link => link.Id)], CancellationToken.None)).Select(one => Assert.Single(one)));
        Assert.Equal(300L, await HeadDatabase.ScalarAsync(_connection, "SELECT count(*) FROM content"));
    }

    [Fact]
    public async Task A_connection_that_was_lost_is_made_again()
    {
        await using IExtIdStore store = await OpenAsync();
        ExtIdLink link = new(ExtId.Parse("t:01"), Oid.Parse("1111111111111111111111111111111111111111"), ObjectType.Tag);
        await store.RecordAsync([link], [], CancellationToken.None);
        _ = await HeadDatabase.ScalarAsync(_connection, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await store.RecordAsync([link], [], CancellationToken.None);
        Assert.Equal([link], (await store.FindAsync([link.Id], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_without_the_password()
    {
        PostgresStoreException failure = await Assert.ThrowsAsync<PostgresStoreException>(
            () => PostgresExtIdStore.OpenAsync("Host=127.0.0.1;Port=1;Database=d;Username=u;Password=s3cret", TimeProvider.System, new Random(1), CancellationToken.None));
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
    }

    protected override async Task<IExtIdStore> OpenAsync() => await PostgresExtIdStore.OpenAsync(_connection, TimeProvider.System, new Random(1), CancellationToken.None);
}
