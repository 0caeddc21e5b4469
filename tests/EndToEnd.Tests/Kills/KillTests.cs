using System.Globalization;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>
/// kill -9 at random points of syncs, index merges and compactions. After each: the store opens, is closed, has every object
/// that a committed head names, and the next sync converges. <c>KILL_ROUNDS</c> and <c>KILL_SEED</c> choose; the seed of a bad run repeats its choices.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public KillTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_killed_sync_leaves_a_sound_store_and_the_next_one_converges(int seed)
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        StoreFiles store = new(_folder.Make("store"), _folder["judge"]);
        string[] sync = ["sync", .. upstreams.Urls, "--store", store.FullPath, "--quiet"];
        KillMoments moments = new(new Random(Number("KILL_SEED") ?? seed));
        int killed = 0;
        int rounds = Number("KILL_ROUNDS") ?? 6;
        for (int round = 1; round <= rounds; round++)
        {
            upstreams.Change();
            (KillTrigger trigger, int number) = moments.Next(requests: true);
            // A resumed campaign leaves alone what it had done before it was killed: only a new one must converge.
            KillReport report = await DoomedRun.RunAsync(store.FullPath, upstreams.Forge, trigger, number, round % 2 == 0 ? [.. sync, "--resume"] : sync);
            Tell(round, trigger, number, report);
            Assert.True(report.Killed || report.ExitCode == 0, report.Errors);
            moments.Learn(trigger, report);
            killed += report.Killed ? 1 : 0;
            await store.AssertSoundAsync();
            if (round % 2 == 0 || round == rounds)
            {
                await ConvergeAsync(upstreams, store, sync);
            }
        }

        store.AssertHolds(upstreams);
        Assert.True(killed > 0, "No run was killed: the moments all came too late.");
    }

    [Theory]
    [InlineData(3)]
    public async Task A_killed_compaction_leaves_a_sound_store(int seed)
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        StoreFiles store = new(_folder.Make("store"), _folder["judge"]);
        string[] sync = ["sync", .. upstreams.Urls, "--store", store.FullPath, "--quiet"];
        KillMoments moments = new(new Random(Number("KILL_SEED") ?? seed));
        int killed = 0;
        for (int round = 1; round <= (Number("KILL_ROUNDS") ?? 5); round++)
        {
            upstreams.Change();
            await ConvergeAsync(upstreams, store, sync);
            (KillTrigger trigger, int number) = moments.Next(requests: false);
            KillReport report = await DoomedRun.RunAsync(store.FullPath, upstreams.Forge, trigger, number, "compact", "--full", "--store", store.FullPath);
            Tell(round, trigger, number, report);
            Assert.True(report.Killed || report.ExitCode == 0, report.Errors);
            moments.Learn(trigger, report);
            killed += report.Killed ? 1 : 0;
            await store.AssertSoundAsync();
            store.AssertHolds(upstreams);
        }

        (int exitCode, _, string errors) = await ActorsProcess.RunAsync("compact", "--full", "--store", store.FullPath);
        Assert.True(exitCode == 0, errors);
        store.AssertHolds(upstreams);
        Assert.Single(Directory.GetFiles(Path.Combine(store.FullPath, "objects", "pack"), "*.pack"));
        Assert.True(killed > 0, "No run was killed: the moments all came too late.");
    }

    private static async Task ConvergeAsync(Upstreams upstreams, StoreFiles store, string[] sync)
    {
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync(sync);
        Assert.True(exitCode == 0, output + errors);
        await store.AssertHeadsAsync(upstreams);
    }

    private static void Tell(int round, KillTrigger trigger, int number, KillReport report) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"round {round}: {trigger} {number}: {(report.Killed ? "killed at" : "ended by itself after")} {report.Counted}, {report.Last}");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
