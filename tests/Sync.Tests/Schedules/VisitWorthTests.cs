using Actors.Sync.Schedules;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class VisitWorthTests
{
    [Theory]
    [InlineData(0.3, 12, 5)]
    [InlineData(1, 1, 3)]
    [InlineData(2, 50, 100)]
    [InlineData(40, 10, 0.5)]
    public void The_worth_is_the_integral_that_it_says(double shape, double exposure, double days)
    {
        ChangeRate rate = new(shape, exposure);
        double sum = 0, step = days / 100_000;
        for (double s = step / 2; s < days; s += step)
        {
            sum += s * (1 - rate.Quiet(s)) * step;
        }

        Assert.Equal(1, VisitWorth.Unheard(rate, days) / sum, 3);
    }

    [Fact]
    public void The_day_of_a_visit_is_where_its_worth_reaches_the_price()
    {
        foreach (double price in (double[])[0.01, 1, 100])
        {
            ChangeRate rate = new(3, 30);
            Assert.Equal(1, VisitWorth.Unheard(rate, VisitWorth.DaysUnheard(rate, price)) / price, 0.05);
        }
    }

    [Fact]
    public void What_changes_more_often_is_visited_more_often_and_never_past_the_limits()
    {
        double[] days = [.. ((double[])[1000, 100, 10, 1, 0.1, 0.001]).Select(exposure => VisitWorth.DaysUnheard(new ChangeRate(1.5, exposure), 2))];
        Assert.Equal(days.OrderDescending(), days);
        Assert.All(days, one => Assert.InRange(one, 1.0 / 96, 180));
        Assert.Equal(180, VisitWorth.DaysUnheard(new ChangeRate(0.3, 1e9), 1e4));
    }

    [Fact]
    public void Of_two_told_changes_the_rarer_is_looked_at_first()
    {
        double rare = VisitWorth.DaysTold(new ChangeRate(1, 300), 1), busy = VisitWorth.DaysTold(new ChangeRate(100, 2), 1);
        Assert.True(rare < 0.01, $"{rare}");
        Assert.InRange(busy, 1.3, Math.Sqrt(2));
    }
}
