using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>The engine is dropped in the middle, and the head database on disk opened again.</summary>
public sealed class CrashTests
{
    private const int Repositories = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(1500)]
    public async Task Resumed_after_a_crash_each_repository_is_visited_once(int reportsBeforeCrash)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        using TemporaryFolder folder = new();
        CampaignId campaign;
        await using (SqliteHeadStore heads = SqliteHeadStore.Open(folder["heads.sqlite"]))
        {
            // Its clock stands still for ever after so many reports: nothing more is recorded.
            RecordingObserver observer = new();
            ManualTimeProvider clock = new();
            Task<CampaignState> run = Engine(heads, clock, folder).RunAsync(Request(resume: false), observer, CancellationToken.None);
            while (observer.Reports.Count < reportsBeforeCrash)
            {
                await clock.WhenTimersAsync(1);
                clock.AdvanceToNextTimer();
            }

            Assert.False(run.IsCompleted);
            campaign = observer.Campaign!.Id;
        }

        await using SqliteHeadStore again = SqliteHeadStore.Open(folder["heads.sqlite"]);
        RecordingObserver second = new();
        CampaignState end = await Engine(again, TimeProvider.System, folder).RunAsync(Request(resume: true), second, CancellationToken.None);
        Assert.Equal((campaign, Repositories, true), (end.Id, end.LinesDone, second.Resumed));
        Assert.InRange(second.Reports.Count, 1, Repositories - reportsBeforeCrash);
        await foreach (RepositoryState state in again.ListAsync(CancellationToken.None))
        {
            Assert.Equal((1, campaign), (state.Visit, state.Campaign));
        }

        Assert.Equal(Repositories, (await again.CountByOutcomeAsync(CancellationToken.None)).Sum());
    }

    private static CampaignRequest Request(bool resume) => new()
    {
        List = new StringReader(string.Join('\n', Enumerable.Range(0, Repositories).Select(number => $"https://h{number / 700}.example/{number}"))),
        Key = "list",
        Resume = resume,
        HostLimits = new HostLimits(4, double.PositiveInfinity),
    };

    private static LocalEngine Engine(IHeadStore heads, TimeProvider clock, TemporaryFolder folder) => new(
        _ => async (url, _, _) =>
        {
            if (clock is ManualTimeProvider)
            {
                // The last one never answers: the campaign cannot end before it is dropped.
                bool last = url.ToString().EndsWith($"/{Repositories - 1}", StringComparison.Ordinal);
                await Task.Delay(last ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(10), clock, CancellationToken.None);
            }

            return new SyncResult(
                new SyncReport { Url = url, Outcome = Outcome.Empty },
                new Visit { Url = url, StartedAt = clock.GetUtcNow(), Outcome = Outcome.Empty, NewSnapshot = Snapshot.Empty },
                null);
        },
        null, new ServerProfiles(), heads, clock, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = folder["spool"], Inline = clock is ManualTimeProvider });
}
