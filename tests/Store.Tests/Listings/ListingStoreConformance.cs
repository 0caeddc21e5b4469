using Actors.Git.Remotes;
using Actors.Store.Listings;
using Xunit;

namespace Actors.Store.Tests.Listings;

/// <summary>What every store of listings does.</summary>
public abstract class ListingStoreConformance
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A store that the test disposes; opened again, it has what was written.</summary>
    protected abstract Task<IListingStore> OpenAsync();

    [Fact]
    public async Task What_a_listing_told_is_found_each_at_its_place()
    {
        await using IListingStore store = await OpenAsync();
        ListedRepository[] listed = [One(1) with { Parent = One(2).Url, SizeBytes = long.MaxValue, UpdatedAt = Begin.AddDays(-1) }, One(2), One(3) with { SizeBytes = 0 }];
        await store.SaveListedAsync(listed, CancellationToken.None);
        await store.SaveListedAsync(listed, CancellationToken.None);
        await store.SaveListedAsync([], CancellationToken.None);
        Assert.Equal([null, listed[2], listed[0], listed[1], listed[0]], await store.FindListedAsync([One(9).Url, One(3).Url, One(1).Url, One(2).Url, One(1).Url], CancellationToken.None));
        Assert.Empty(await store.FindListedAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task What_a_later_listing_does_not_tell_stays_and_what_it_tells_counts()
    {
        await using IListingStore store = await OpenAsync();
        ListedRepository first = One(1) with { Parent = One(2).Url, SizeBytes = 5, UpdatedAt = Begin };
        await store.SaveListedAsync([first], CancellationToken.None);
        await store.SaveListedAsync([One(1) with { ListedAt = Begin.AddDays(1), SizeBytes = 7 }], CancellationToken.None);
        Assert.Equal(first with { ListedAt = Begin.AddDays(1), SizeBytes = 7 }, (await store.FindListedAsync([first.Url], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task Of_one_batch_that_names_a_repository_twice_all_that_it_tells_is_kept()
    {
        await using IListingStore store = await OpenAsync();
        await store.SaveListedAsync([One(1) with { SizeBytes = 5 }, One(1) with { Parent = One(2).Url }, One(1) with { SizeBytes = 6 }], CancellationToken.None);
        Assert.Equal(One(1) with { SizeBytes = 6, Parent = One(2).Url }, (await store.FindListedAsync([One(1).Url], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task How_far_a_listing_is_is_kept_by_its_source()
    {
        await using IListingStore store = await OpenAsync();
        ListingState state = new() { Source = "gitlab:h", Cursor = "5 /x?a=b", Repositories = 7, StartedAt = Begin };
        Assert.Null(await store.FindListingAsync("gitlab:h", CancellationToken.None));
        await store.SaveListingAsync(state, CancellationToken.None);
        await store.SaveListingAsync(state with { Source = "gitlab:H", Cursor = null }, CancellationToken.None);
        Assert.Equal(state, await store.FindListingAsync("gitlab:h", CancellationToken.None));
        ListingState ended = state with { Cursor = null, EndedAt = Begin.AddHours(1) };
        await store.SaveListingAsync(ended, CancellationToken.None);
        Assert.Equal(ended, await store.FindListingAsync("gitlab:h", CancellationToken.None));
        Assert.Null((await store.FindListingAsync("gitlab:H", CancellationToken.None))!.Cursor);
    }

    [Fact]
    public async Task A_large_batch_is_kept_whole()
    {
        await using IListingStore store = await OpenAsync();
        ListedRepository[] listed = [.. Enumerable.Range(0, 9_000).Select(i => One(i) with { SizeBytes = i })];
        await store.SaveListedAsync(listed, CancellationToken.None);
        Assert.Equal(listed, await store.FindListedAsync([.. listed.Select(one => one.Url)], CancellationToken.None));
    }

    private static ListedRepository One(int number) => new() { Url = RepositoryUrl.Parse($"https://h.example/a/{number}"), ListedAt = Begin };
}
