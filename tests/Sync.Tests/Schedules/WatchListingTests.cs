using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.Store.Schedules;
using Actors.Sync.Schedules;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

/// <summary>What a listing of a forge does to the schedule.</summary>
public sealed class WatchListingTests : IAsyncDisposable
{
    private static readonly RepositoryUrl Url = RepositoryUrl.Parse("https://a.example/1");

    private readonly MemoryHeadStore _heads = new();
    private readonly ManualTimeProvider _clock = new();

    public ValueTask DisposeAsync() => _heads.DisposeAsync();

    [Fact]
    public async Task What_is_new_is_due_at_once_and_listing_it_again_changes_nothing()
    {
        Watch watch = Watch();
        await watch.ListAsync([Listed(null), Listed(null)], default);
        ScheduledVisit first = await FindAsync();
        Assert.Equal((ScheduleQueue.First, _clock.GetUtcNow()), (first.Queue, first.DueAt));
        _clock.Advance(TimeSpan.FromHours(1));
        await watch.ListAsync([Listed(null)], default);
        Assert.Equal(first, await FindAsync());
    }

    [Fact]
    public async Task No_news_puts_a_visit_off_and_news_brings_it_forward()
    {
        DateTimeOffset visitedAt = _clock.GetUtcNow();
        await _heads.RecordAsync([new Visit { Url = Url, StartedAt = visitedAt, Outcome = Outcome.Empty }], default);
        Watch watch = Watch();
        await watch.AddKnownAsync(default);
        Assert.Equal(0, await watch.ListAsync([Listed(visitedAt.AddDays(-9))], default));
        DateTimeOffset first = (await FindAsync()).DueAt;

        _clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(0, await watch.ListAsync([Listed(visitedAt.AddDays(-9))], default));
        ScheduledVisit quiet = await FindAsync();
        Assert.True(quiet.DueAt > first, $"{quiet.DueAt} {first}");
        Assert.Equal(_clock.GetUtcNow(), quiet.ListedAt);

        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(1, await watch.ListAsync([Listed(_clock.GetUtcNow().AddHours(-1))], default));
        ScheduledVisit told = await FindAsync();
        Assert.True(told.DueAt < quiet.DueAt, $"{told.DueAt} {quiet.DueAt}");
        Assert.Equal(_clock.GetUtcNow().AddHours(-1), told.ToldAt);
        Assert.Equal(1, await watch.ListAsync([Listed(_clock.GetUtcNow().AddHours(-1))], default));
        Assert.Equal(told, await FindAsync());
    }

    [Fact]
    public async Task Many_are_listed_in_batches()
    {
        ListedRepository[] many = [.. Enumerable.Range(0, (2 * Limits.ScheduleBatch) + 3).Select(i => Listed(_clock.GetUtcNow()) with { Url = RepositoryUrl.Parse($"https://a.example/{i}") })];
        await Watch().ListAsync(many, default);
        Assert.Equal(many.Length, Assert.Single(await _heads.ReadScheduleFiguresAsync(_clock.GetUtcNow(), default)).Repositories);
    }

    private ListedRepository Listed(DateTimeOffset? updatedAt) => new() { Url = Url, UpdatedAt = updatedAt, ListedAt = _clock.GetUtcNow() };

    private Watch Watch() => new(_heads, _heads, _clock, new WatchOptions());

    private async Task<ScheduledVisit> FindAsync() => (await _heads.FindScheduledAsync([Url], default))[0]!;
}
