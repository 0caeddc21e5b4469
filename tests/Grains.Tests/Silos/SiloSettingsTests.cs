using System.Net;
using Actors.Silo.Settings;
using Xunit;

namespace Actors.Grains.Tests.Silos;

public sealed class SiloSettingsTests
{
    [Fact]
    public void A_silo_watches_only_when_it_is_told_so()
    {
        Assert.Null(Read().VisitsADay);
        Assert.Null(Read("--watch", "false").VisitsADay);
        Assert.Equal(1, Read("--watch", "true").VisitsADay);
        SiloSettings all = Read("--watch", "true", "--visits-a-day", "0.25", "--webhooks", "127.0.0.1:8422");
        Assert.Equal((0.25, IPEndPoint.Parse("127.0.0.1:8422")), (all.VisitsADay, all.Webhooks));
        Assert.Equal(0.5, SiloSettings.Read(["--watch", "true"], name => name == "ACTORS_VISITS_A_DAY" ? "0.5" : null).VisitsADay);
    }

    [Theory]
    [InlineData("--visits-a-day is for --watch true, which is missing.", "--visits-a-day", "1")]
    [InlineData("--visits-a-day: not a number of visits a day, from 0.002 to 96.", "--watch", "true", "--visits-a-day", "0")]
    [InlineData("--visits-a-day: not a number of visits a day, from 0.002 to 96.", "--watch", "true", "--visits-a-day", "1e1")]
    [InlineData("--visits-a-day: not a number of visits a day, from 0.002 to 96.", "--watch", "true", "--visits-a-day", "97")]
    [InlineData("--watch: not true or false.", "--watch", "yes")]
    public void A_budget_that_cannot_be_is_refused(string why, params string[] arguments) =>
        Assert.Equal(why, Assert.Throws<FormatException>(() => Read(arguments).VisitsADay).Message);

    [Fact]
    public void Pushes_are_received_only_for_a_watch_and_with_a_secret()
    {
        Assert.Null(Read("--watch", "true").Webhooks);
        Assert.Equal("--webhooks is for --watch true, which is missing.", Assert.Throws<FormatException>(() => Read("--webhooks", "127.0.0.1:1").Webhooks).Message);
        Assert.StartsWith("--webhooks needs --webhook-secret ", Assert.Throws<FormatException>(() => Read("--watch", "true", "--webhooks", "127.0.0.1:1").WebhookSecret).Message, StringComparison.Ordinal);
    }

    private static SiloSettings Read(params string[] arguments) => SiloSettings.Read(arguments, _ => null);
}
