using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Schedules;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class ScheduleRuleTests
{
    private const double Price = 1;

    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ScheduledVisit New = ScheduleRule.New(RepositoryUrl.Parse("https://forge.example/one.git"), Begin);

    private static readonly ScheduledVisit Known = ScheduleRule.After(New, Begin, Outcome.New, null, Price);

    [Fact]
    public void A_new_repository_is_due_at_once_and_known_after_its_first_visit()
    {
        Assert.Equal((ScheduleQueue.First, Begin), (New.Queue, New.DueAt));
        Assert.Equal((ScheduleQueue.Known, Begin), (Known.Queue, Known.ObservedAt));
        Assert.Equal(ChangeRate.Prior.Mean, ScheduleRule.RateOf(Known).Mean, 1e-6);
        Assert.True(Known.DueAt > Begin);
    }

    [Fact]
    public void A_change_brings_the_next_visit_nearer_than_none()
    {
        DateTimeOffset at = Begin.AddDays(3);
        ScheduledVisit changed = ScheduleRule.After(Known, at, Outcome.Updated, null, Price), quiet = ScheduleRule.After(Known, at, Outcome.Unchanged, null, Price);
        Assert.True(changed.DueAt < quiet.DueAt);
    }

    [Fact]
    public void What_is_told_late_or_twice_changes_nothing()
    {
        Assert.Equal(Known, ScheduleRule.After(Known, Begin, Outcome.Updated, null, Price));
        Assert.Same(Known, ScheduleRule.Told(Known, Begin.AddDays(-1), Price));
        ScheduledVisit told = ScheduleRule.Told(Known, Begin.AddDays(1), Price);
        Assert.Same(told, ScheduleRule.Told(told, Begin.AddDays(1), Price));
        Assert.Same(told, ScheduleRule.Told(told, Begin.AddDays(2), Price));
    }

    [Fact]
    public void A_told_change_pulls_a_visit_forward_and_a_visit_that_began_later_has_seen_it()
    {
        ScheduledVisit told = ScheduleRule.Told(Known, Begin.AddHours(2), Price);
        Assert.True(told.DueAt < Known.DueAt && told.DueAt >= Begin.AddHours(2));
        Assert.Null(ScheduleRule.After(told, Begin.AddHours(3), Outcome.Updated, null, Price).ToldAt);
        Assert.Equal(Begin.AddHours(2), ScheduleRule.After(told, Begin.AddHours(1), Outcome.Unchanged, null, Price).ToldAt);
    }

    [Theory]
    [InlineData(Outcome.Throttled, 0.1)]
    [InlineData(Outcome.Unreachable, 1)]
    [InlineData(Outcome.Gone, 3.5 * 24)]
    [InlineData(Outcome.Refused, 3.5 * 24)]
    [InlineData(Outcome.Unsupported, 7 * 24)]
    public void A_failure_cools_down_and_a_push_does_not_shorten_it(Outcome outcome, double hours)
    {
        DateTimeOffset at = Begin.AddDays(1);
        ScheduledVisit failed = ScheduleRule.After(Known, at, outcome, at.AddMinutes(1), Price);
        Assert.Equal(ScheduleQueue.Failing, failed.Queue);
        Assert.True(failed.DueAt >= at.AddHours(hours), $"{failed.DueAt - at}");
        Assert.Equal(failed.DueAt, ScheduleRule.Told(failed, at.AddMinutes(5), Price).DueAt);
        Assert.Equal(at.AddDays(40), ScheduleRule.After(Known, at, outcome, at.AddDays(40), Price).DueAt);
    }

    [Fact]
    public void A_listing_without_news_counts_as_a_visit_and_one_with_news_brings_it()
    {
        ScheduledVisit quiet = ScheduleRule.Listed(Known, Begin.AddDays(1), Begin.AddDays(-5), Price);
        Assert.Equal(Known.DueAt.AddDays(1), quiet.DueAt, TimeSpan.FromSeconds(1));
        Assert.Equal(Begin.AddDays(60), ScheduleRule.Listed(Known with { ListedAt = Begin }, Begin.AddDays(2.9), Begin.AddDays(-5), 1e5).DueAt);
        Assert.True(ScheduleRule.Listed(quiet, Begin.AddDays(2), Begin.AddDays(1.5), Price).DueAt < Begin.AddDays(3));
    }

    [Fact]
    public void The_price_is_where_the_budget_is_spent()
    {
        ScheduledVisit[] sample = [.. Enumerable.Range(0, 200).Select(i => Known with { Shape = 1 + (i % 7), ExposureDays = 1 + i })];
        foreach (double visits in (double[])[0.02, 0.1, 1])
        {
            double price = VisitPrice.Find(sample, visits, Begin);
            Assert.Equal(visits, sample.Average(one => 1 / VisitWorth.DaysUnheard(ScheduleRule.RateOf(one), price)), visits * 0.05);
        }
    }

    [Fact]
    public void Queues_share_visits_and_leave_what_they_do_not_need()
    {
        QueueShares shares = new();
        int[] sums = new int[3];
        for (int turn = 0; turn < 100; turn++)
        {
            int[] given = shares.Divide(7, [1000, 1000, 1000]);
            Assert.Equal(7, given.Sum());
            sums = [.. sums.Zip(given, (sum, one) => sum + one)];
        }

        Assert.Equal([420, 245, 35], sums);
        Assert.Equal([0, 9, 1], shares.Divide(100, [0, 9, 1]));
        Assert.Equal([0, 0, 0], shares.Divide(5, [0, 0, 0]));
    }

    [Fact]
    public void Lag_is_nothing_after_a_visit_and_grows_and_counts_what_was_told()
    {
        Assert.Equal(0, ExpectedLag.Of([Known], Begin).MeanDays, 6);
        Assert.True(ExpectedLag.Of([Known], Begin.AddDays(10)).MeanDays < ExpectedLag.Of([Known], Begin.AddDays(20)).MeanDays);
        Assert.Equal(4, ExpectedLag.Of([ScheduleRule.Told(Known, Begin.AddDays(1), Price)], Begin.AddDays(5)).MeanDays, 6);
        Assert.Equal(0, ExpectedLag.Of([Known with { Queue = ScheduleQueue.Failing }], Begin.AddDays(9)).Repositories);
    }
}
