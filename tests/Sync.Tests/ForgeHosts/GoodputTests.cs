using Actors.Sync.ForgeHosts;
using Actors.TestKit.Forges;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

/// <summary>How much of a forge's limit a policy uses, and how seldom it meets it. The benchmark <c>patience</c> shows fixed pools beside it.</summary>
public sealed class GoodputTests
{
    [Theory]
    [InlineData(5, 1, 80)]
    [InlineData(5, 50, 80)]
    [InlineData(20, 1, 80)]
    [InlineData(20, 20, 80)]
    [InlineData(20, 20, 300)]
    [InlineData(20, 200, 80)]
    [InlineData(50, 10, 80)]
    [InlineData(50, 500, 80)]
    [InlineData(1, 1, 80)]
    [InlineData(1, 60, 80)]
    public void Limit_is_found_and_used_and_hardly_ever_met(double rate, double burst, int latencyMs)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            LimitFigures figures = Run(Strict(rate, burst), latencyMs, seed, TimeSpan.FromMinutes(30));
            Assert.True(figures is { Bans: 0, Goodput: >= 0.95, RefusedShare: <= 0.01 }, $"seed {seed}: {figures} {figures.RefusedShare:P2}");
        }
    }

    [Fact]
    public void Host_that_never_says_for_how_long_is_served_well_too()
    {
        LimitFigures figures = Run(Strict(20, 20) with { TellsRetryAfter = false }, 80, 1, TimeSpan.FromMinutes(30));
        Assert.True(figures is { Bans: 0, Goodput: >= 0.9, RefusedShare: <= 0.01 }, figures.ToString());
    }

    [Fact]
    public void Ban_is_sat_out_in_silence_though_each_request_would_prolong_it()
    {
        RequestLimit limit = Strict(20, 20) with { RefusalsToBan = 1, BanTime = TimeSpan.FromMinutes(2), RetryAfterMin = TimeSpan.FromSeconds(1) };
        LimitFigures told = Run(limit, 80, 1, TimeSpan.FromMinutes(30));
        LimitFigures untold = Run(limit with { TellsRetryAfter = false }, 80, 1, TimeSpan.FromMinutes(30));
        Assert.True(told.Refused <= told.Bans * 8, told.ToString());
        Assert.True(untold is { Answered: > 1000, Refused: < 100 }, untold.ToString());
    }

    private static RequestLimit Strict(double rate, double burst) => new()
    {
        RequestsPerSecond = rate, Burst = burst, RefusalsToBan = 10, BanWindow = TimeSpan.FromMinutes(1), BanTime = TimeSpan.FromMinutes(5),
    };

    private static LimitFigures Run(RequestLimit limit, int latencyMs, int seed, TimeSpan time) =>
        new LimitSimulation(limit, TimeSpan.FromMilliseconds(latencyMs), seed)
            .Run(new PolicySender(new HostPolicy(new HostRules { Concurrency = 64 }, new Random(seed))), time);
}
