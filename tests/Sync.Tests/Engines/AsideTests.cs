using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.Web.Forges;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Engines;

public sealed class AsideTests
{
    [Fact]
    public async Task A_shallow_remotes_history_becomes_visible_when_its_missing_parents_come_from_elsewhere()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        GitFixture whole = new GitFixture(folder["forge", "whole.git"]).AddHistory(20);
        GitFixture cut = whole.ShallowCloneTo(folder["forge", "cut.git"], depth: 3);
        await using LocalForge forge = await LocalForge.StartAsync(folder["forge"]);
        await using GitClient client = new(new GitClientOptions());
        await using LocalObjectStore objects = LocalObjectStore.Open(folder["store"], StoreAccess.Write, TimeProvider.System);
        await using MemoryHeadStore heads = new();
        await using LocalEngine engine = new(
            client, objects, heads, TimeProvider.System, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = folder["spool"] });

        Assert.Equal(Outcome.Unsupported, await OutcomeOfAsync(engine, forge.UrlOf("cut.git")));
        Assert.Single(await objects.ListAsideAsync(CancellationToken.None).ToListAsync());

        Assert.Equal(Outcome.New, await OutcomeOfAsync(engine, forge.UrlOf("whole.git")));
        Assert.Empty(await objects.ListAsideAsync(CancellationToken.None).ToListAsync());

        Assert.Equal(Outcome.New, await OutcomeOfAsync(engine, forge.UrlOf("cut.git")));
        new StoreJudge(folder["store", "objects"], folder["judge"]).AssertHolds(whole);
        Assert.Equal(whole.Oid("main"), cut.Oid("main"));
    }

    private static async Task<Outcome> OutcomeOfAsync(LocalEngine engine, string url)
    {
        RecordingObserver observer = new();
        using StringReader list = new(url);
        await engine.RunAsync(new CampaignRequest { List = list, Key = url, IgnoreRetryTimes = true }, observer, CancellationToken.None);
        return Assert.Single(observer.Reports).Outcome;
    }
}
