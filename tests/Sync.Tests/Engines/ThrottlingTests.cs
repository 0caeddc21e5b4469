using System.Collections.Concurrent;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>A real server on the loopback that throttles, the real client, and a simulated clock for the engine.</summary>
public sealed class ThrottlingTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(401)]
    public async Task Nothing_is_asked_before_the_time_that_the_server_named(int status)
    {
        ManualTimeProvider clock = new();
        ConcurrentQueue<DateTimeOffset> asked = new();
        byte[] throttled = HttpAnswer.Of("slow down"u8, status, null, "Retry-After: 60");
        byte[] empty = HttpAnswer.UploadPackResult("0000"u8);
        await using CannedServer server = new(request =>
        {
            asked.Enqueue(clock.GetUtcNow());
            return request.Number == 3 ? throttled : empty;
        });
        CampaignState campaign = await RunAsync(clock, server, repositories: 6);

        // Two were answered, the third is put back and goes first when the minute is over; then the rest.
        Assert.Equal(6, campaign.Outcomes[(int)Outcome.Empty]);
        Assert.Equal(7, asked.Count);
        DateTimeOffset[] times = [.. asked];
        Assert.True(times[3] >= times[2] + TimeSpan.FromSeconds(60), $"asked again {times[3] - times[2]} later");
    }

    [Fact]
    public async Task Repository_that_is_throttled_again_and_again_ends_as_throttled()
    {
        ManualTimeProvider clock = new();
        byte[] throttled = HttpAnswer.Of("slow down"u8, 429, null, "Retry-After: 60");
        await using CannedServer server = new(throttled);
        CampaignState campaign = await RunAsync(clock, server, repositories: 1);
        Assert.Equal(1, campaign.Outcomes[(int)Outcome.Throttled]);
        Assert.Equal(Limits.ThrottlingsMax + 1, server.Requests);
    }

    private static async Task<CampaignState> RunAsync(ManualTimeProvider clock, CannedServer server, int repositories)
    {
        using TemporaryFolder folder = new();
        await using GitClient client = new(new GitClientOptions());
        await using MemoryObjectStore objects = new();
        await using MemoryHeadStore heads = new();
        await using LocalEngine engine = new(
            client, objects, heads, clock, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = folder["spool"] });
        CampaignRequest request = new()
        {
            List = new StringReader(string.Join('\n', Enumerable.Range(0, repositories).Select(number => $"{server.Address}{number}"))),
            Key = "list",
            HostLimits = new HostLimits(1, double.PositiveInfinity),

            // Days of the simulated clock pass while a real answer comes.
            Sync = new SyncOptions { SyncTimeMax = TimeSpan.FromDays(40) },
        };
        Task<CampaignState> run = engine.RunAsync(request, new RecordingObserver(), CancellationToken.None);

        // The simulated clock runs ahead of the answers: a server that is asked too early would see it, one that is asked later is right.
        while (!run.IsCompleted)
        {
            await Task.WhenAny(run, clock.WhenTimersAsync(1));
            clock.AdvanceToNextTimer();
            await Task.Yield();
        }

        return await run;
    }
}
