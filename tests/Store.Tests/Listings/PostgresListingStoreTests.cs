using Actors.Git.Remotes;
using Actors.Store.Listings;
using Actors.Store.Tests.Heads.Postgres;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Listings;

public sealed class PostgresListingStoreTests(SharedPostgres shared) : ListingStoreConformance, IAsyncLifetime
{
    private string _connection = "";

    public async ValueTask InitializeAsync() => _connection = await HeadDatabase.CreateAsync(await shared.StartAsync(Assert.Skip));

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Processes_that_write_the_same_at_once_all_succeed()
    {
        ListedRepository[] listed = [.. Enumerable.Range(0, 300).Select(i => new ListedRepository { Url = RepositoryUrl.Parse($"https://h.example/{i}"), ListedAt = DateTimeOffset.UnixEpoch })];
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            await using IListingStore store = await OpenAsync();
            await store.SaveListedAsync([.. i % 2 == 0 ? listed : listed.Reverse()], CancellationToken.None);
        }));
        Assert.Equal(300L, await HeadDatabase.ScalarAsync(_connection, "SELECT count(*) FROM listed_repository"));
    }

    [Fact]
    public async Task A_persons_query_is_read_row_by_row_and_changes_nothing()
    {
        _ = await HeadDatabase.ScalarAsync(_connection, "CREATE TABLE public.publish_packages (package text, n int, at timestamptz); INSERT INTO public.publish_packages SELECT 'p' || g, g, '2026-01-01Z' FROM generate_series(1, 5000) g; SELECT 1");
        List<IReadOnlyList<string?>> rows = [];
        await foreach (IReadOnlyList<string?> row in QueryRows.Of(_connection, "SELECT package, n, NULL, at FROM public.publish_packages ORDER BY n").ReadAsync(CancellationToken.None))
        {
            rows.Add(row);
        }

        Assert.Equal(5000, rows.Count);
        Assert.Equal(["p5000", "5000", null, "2026-01-01T00:00:00.0000000Z"], rows[^1]);
        foreach (string bad in (string[])["DELETE FROM public.publish_packages RETURNING package", "SELECT nothing FROM nowhere"])
        {
            IOException failure = await Assert.ThrowsAnyAsync<IOException>(async () =>
            {
                await foreach (IReadOnlyList<string?> _ in QueryRows.Of(_connection, bad).ReadAsync(CancellationToken.None))
                {
                }
            });
            Assert.DoesNotContain("Password", failure.ToString(), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(5000L, await HeadDatabase.ScalarAsync(_connection, "SELECT count(*) FROM public.publish_packages"));
    }

    protected override async Task<IListingStore> OpenAsync() => await PostgresListingStore.OpenAsync(_connection, TimeProvider.System, new Random(1), CancellationToken.None);
}
