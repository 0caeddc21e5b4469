using System.Globalization;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>
/// kill -9 at random points of <c>actors load</c> on a machine of a shared store (a real PostgreSQL server, packs in a directory). After each the store is sound, and
/// another machine, which shares nothing else, converges to what nobody killed. <c>KILL_ROUNDS</c> and <c>KILL_SEED</c> choose.
/// </summary>
public sealed class SharedPackageKillTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(5)]
    public async Task A_killed_load_leaves_a_sound_shared_store_and_another_machine_goes_on(int seed)
    {
        string database = await (await postgres.StartAsync(Assert.Skip)).CreateDatabaseAsync();
        await using PackageUpstreams upstreams = new();
        string files = _folder.Make("shared"), one = Machine("one", database, "shared"), other = Machine("other", database, "shared");
        KillMoments moments = new(new Random(Number("KILL_SEED") ?? seed));
        int killed = 0;
        for (int round = Number("KILL_ROUNDS") ?? 3; round > 0; round--)
        {
            upstreams.Change();
            (KillTrigger trigger, int number) = moments.Next(requests: true);
            KillReport report = await DoomedRun.RunAsync(files, count => upstreams.Server.Asking = count, trigger, number, Load(upstreams, one));
            TestContext.Current.TestOutputHelper?.WriteLine($"{trigger} {number}: killed {report.Killed} at {report.Counted}, {report.Last}");
            Assert.True(report.Killed || report.ExitCode == 0, report.Errors);
            moments.Learn(trigger, report);
            killed += report.Killed ? 1 : 0;
            await RunAsync("fsck", "--store", other);
            await RunAsync(Load(upstreams, other));
            int asked = upstreams.Server.Asked.Count;
            await RunAsync(Load(upstreams, one));
            Assert.Equal(asked + upstreams.Origins.Length, upstreams.Server.Asked.Count);
        }

        string alone = await (await postgres.StartAsync(Assert.Skip)).CreateDatabaseAsync();
        _ = _folder.Make("alone");
        await RunAsync(Load(upstreams, Machine("alone", alone, "alone")));
        Assert.Equal(await SnapshotsAsync(alone), await SnapshotsAsync(database));
        Assert.True(killed > 0, "No run was killed: the moments all came too late.");
    }

    /// <summary>The settings of a machine with a cache of its own.</summary>
    private string Machine(string name, string database, string shared)
    {
        string settings = _folder[name + ".json"];
        File.WriteAllText(settings, JsonSerializer.Serialize(new { heads = database, packs = _folder.Make(shared, "packs"), cache = _folder[shared, "cache-" + name] }));
        return settings;
    }

    private static async Task RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync(arguments);
        Assert.True(exitCode == 0, string.Join(' ', arguments) + "\n" + output + errors);
    }

    private static async Task<List<(RepositoryUrl Package, SnapshotId? Snapshot)>> SnapshotsAsync(string database)
    {
        List<(RepositoryUrl, SnapshotId?)> found = [];
        await using PostgresHeadStore heads = await PostgresHeadStore.OpenAsync(database, TimeProvider.System, new Random(1), CancellationToken.None);
        await foreach (RepositoryState package in heads.ListAsync(CancellationToken.None))
        {
            found.Add((package.Url, package.Snapshot));
        }

        return [.. found.OrderBy(one => one.Item1.ToString(), StringComparer.Ordinal)];
    }

    private static string[] Load(PackageUpstreams upstreams, string settings) =>
        ["load", .. upstreams.Origins, "--registry", upstreams.Server.Address.ToString(), "--store", settings, "--quiet"];

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
