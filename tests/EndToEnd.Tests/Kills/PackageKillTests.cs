using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>
/// kill -9 at random points of <c>actors load</c>. After each: the store is sound, no visit is there twice, external ids and contents' names point to
/// objects that are there; the next load converges to what a load that nobody killed makes. <c>KILL_ROUNDS</c> and <c>KILL_SEED</c> choose.
/// </summary>
public sealed class PackageKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackageKillTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(21)]
    public async Task A_killed_load_leaves_a_sound_store_and_the_next_one_converges(int seed)
    {
        await using PackageUpstreams upstreams = new();
        StoreFiles store = new(_folder.Make("store"), _folder["judge"]);
        string[] load = Load(upstreams, store.FullPath);
        KillMoments moments = new(new Random(Number("KILL_SEED") ?? seed));
        int killed = 0;
        int rounds = Number("KILL_ROUNDS") ?? 6;
        for (int round = 1; round <= rounds; round++)
        {
            upstreams.Change();
            (KillTrigger trigger, int number) = moments.Next(requests: true);
            KillReport report = await DoomedRun.RunAsync(
                store.FullPath, count => upstreams.Server.Asking = count, trigger, number, round % 2 == 0 ? [.. load, "--resume"] : load);
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: {trigger} {number}: killed {report.Killed} at {report.Counted}, {report.Last}");
            Assert.True(report.Killed || report.ExitCode == 0, report.Errors);
            moments.Learn(trigger, report);
            killed += report.Killed ? 1 : 0;
            await store.AssertSoundAsync();
            await AssertNamesAsync(upstreams, store.FullPath);
            if (round % 2 == 0 || round == rounds)
            {
                await ConvergeAsync(upstreams, store.FullPath);
                await AssertNamesAsync(upstreams, store.FullPath);
            }
        }

        string fresh = _folder.Make("fresh");
        await ConvergeAsync(upstreams, fresh);
        Assert.Equal(await SnapshotsAsync(fresh), await SnapshotsAsync(store.FullPath));
        Assert.True(killed > 0, "No run was killed: the moments all came too late.");
    }

    /// <summary>Loads to the end, twice: the second time nothing is fetched.</summary>
    private static async Task ConvergeAsync(PackageUpstreams upstreams, string store)
    {
        foreach (bool again in (bool[])[false, true])
        {
            int asked = upstreams.Server.Asked.Count;
            (int exitCode, string output, string errors) = await ActorsProcess.RunAsync(Load(upstreams, store));
            Assert.True(exitCode == 0, output + errors);
            Assert.True(!again || upstreams.Server.Asked.Count == asked + upstreams.Origins.Length, string.Join('\n', upstreams.Server.Asked.Skip(asked)));
        }

        int releases = upstreams.Releases - (upstreams.Releases / 5);
        Assert.All(await SnapshotsAsync(store), one => Assert.Equal(releases, one.Releases));
    }

    /// <summary>Visits have each its own time; what external ids and contents' names point to is in the store.</summary>
    private static async Task AssertNamesAsync(PackageUpstreams upstreams, string path)
    {
        if (!File.Exists(Path.Combine(path, "extids.sqlite")) || !Directory.Exists(Path.Combine(path, "objects", "pack")))
        {
            return;
        }

        await using LocalObjectStore objects = LocalObjectStore.Open(path, StoreAccess.Write, TimeProvider.System);
        await using SqliteExtIdStore extIds = SqliteExtIdStore.Open(Path.Combine(path, "extids.sqlite"));
        List<Oid> named = [.. (await extIds.FindAsync(upstreams.Archives, CancellationToken.None)).SelectMany(links => links).Where(link => !link.IsNegative).Select(link => link.Target)];
        foreach (string content in upstreams.Contents)
        {
            if (await extIds.FindContentAsync(content, CancellationToken.None) is { } name)
            {
                named.Add(name.Oid);
            }
        }

        bool[] present = new bool[named.Count];
        await objects.ContainsAsync(named.ToArray(), present, CancellationToken.None);
        Assert.DoesNotContain(false, present);
        await using SqliteHeadStore heads = SqliteHeadStore.Open(Path.Combine(path, "heads.sqlite"));
        await foreach (RepositoryState package in heads.ListAsync(CancellationToken.None))
        {
            List<Visit> visits = [];
            await foreach (Visit visit in heads.ListVisitsAsync(package.Url, CancellationToken.None))
            {
                visits.Add(visit);
            }

            Assert.Equal(visits.Count, visits.Select(visit => visit.StartedAt).Distinct().Count());
        }
    }

    private static async Task<List<(RepositoryUrl Package, SnapshotId? Snapshot, int Releases)>> SnapshotsAsync(string path)
    {
        List<(RepositoryUrl, SnapshotId?, int)> found = [];
        await using SqliteHeadStore heads = SqliteHeadStore.Open(Path.Combine(path, "heads.sqlite"));
        await foreach (RepositoryState package in heads.ListAsync(CancellationToken.None))
        {
            Snapshot snapshot = (await heads.ReadSnapshotAsync(package.Snapshot!.Value, CancellationToken.None))!;
            found.Add((package.Url, package.Snapshot, snapshot.Branches.Count(branch => branch.Target == SnapshotTarget.Revision)));
        }

        return [.. found.OrderBy(one => one.Item1.ToString(), StringComparer.Ordinal)];
    }

    private static string[] Load(PackageUpstreams upstreams, string store) =>
        ["load", .. upstreams.Origins, "--registry", upstreams.Server.Address.ToString(), "--store", store, "--quiet"];

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
