using Actors.Sync.Schedules;
using Xunit;

namespace Actors.Sync.Tests.Schedules;

public sealed class ChangeRateTests
{
    [Fact]
    public void A_quiet_day_lowers_the_rate_and_a_change_raises_it()
    {
        ChangeRate prior = ChangeRate.Prior;
        Assert.True(prior.After(10, changed: false).Mean < prior.Mean);
        Assert.True(prior.After(10, changed: true).Mean > prior.Mean);
        Assert.Equal(prior, prior.After(0, changed: true));
    }

    /// <summary>A change within an hour tells of a high rate, one within a year next to nothing.</summary>
    [Fact]
    public void The_shorter_the_interval_the_more_a_change_tells()
    {
        double[] means = [.. ((double[])[1.0 / 24, 1, 30, 365]).Select(days => ChangeRate.Prior.After(days, changed: true).Mean)];
        Assert.Equal(means.OrderDescending(), means);
    }

    /// <summary>The posterior has the mean and variance of the exact one, integrated by hand.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(40.0)]
    public void A_change_gives_the_mean_and_variance_of_the_censored_likelihood(double days)
    {
        // Shape 2 and 60 days: far from the prior's, so that nothing fades below it; fading is taken into account.
        ChangeRate before = new(2, 60);
        double kept = Math.Max(Math.Pow(2, -days / 90), 0.15);
        (double shape, double exposure) = (before.Shape * kept, before.ExposureDays * kept);
        double mass = 0, first = 0, second = 0, step = 1e-5;
        for (double rate = step / 2; rate < 3; rate += step)
        {
            double weight = Math.Pow(rate, shape - 1) * Math.Exp(-exposure * rate) * (1 - Math.Exp(-rate * days));
            (mass, first, second) = (mass + weight, first + (weight * rate), second + (weight * rate * rate));
        }

        ChangeRate after = before.After(days, changed: true);
        Assert.Equal(first / mass, after.Mean, 4);
        Assert.Equal((second / mass) - (first / mass * (first / mass)), after.Shape / (after.ExposureDays * after.ExposureDays), 4);
    }

    [Fact]
    public void What_is_old_is_forgotten_so_that_a_woken_repository_is_believed_soon()
    {
        ChangeRate rate = ChangeRate.Prior;
        for (int visit = 0; visit < 40; visit++)
        {
            rate = rate.After(1, changed: true);
        }

        double busy = rate.Mean;
        for (int visit = 0; visit < 12; visit++)
        {
            rate = rate.After(30, changed: false);
        }

        Assert.True(busy > 0.5, $"{busy}");
        Assert.True(rate.Mean < 0.02, $"{rate}");
        Assert.True(rate.After(1, changed: true).Mean > 1.4 * rate.Mean);
    }

    [Fact]
    public void Any_row_of_visits_leaves_a_rate_that_can_be()
    {
        Random random = new(5);
        for (int run = 0; run < 200; run++)
        {
            ChangeRate rate = ChangeRate.Prior;
            for (int visit = 0; visit < 100; visit++)
            {
                rate = rate.After(Math.Pow(10, (random.NextDouble() * 9) - 6), random.Next(2) == 0);
                Assert.True(double.IsFinite(rate.Mean) && rate.Mean > 0 && rate.Shape >= ChangeRate.Prior.Shape * 0.2, $"{rate}");
            }
        }
    }
}
