using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Xunit;

namespace Actors.EndToEnd.Tests.SharedStores;

/// <summary>
/// Two processes of the console on one shared store (a real PostgreSQL server and a real S3 service), killed and started again: in
/// the end they have made what one process makes in a folder. <c>KILL_SEED</c> and <c>KILL_ROUNDS</c> choose.
/// </summary>
public sealed class SharedStoreTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_processes_killed_and_restarted_end_with_the_snapshots_of_one_on_a_local_store()
    {
        GitCommand.Require(Assert.Skip);
        string database = await (await postgres.StartAsync(Assert.Skip)).CreateDatabaseAsync();
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await s3.MakeBucketAsync();
        string settings = _folder["shared.json"];
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new
        {
            heads = database,
            packs = $"s3://{bucket}/store?endpoint={Uri.EscapeDataString(s3.Endpoint.ToString())}&style=path&region={S3Server.Region}",
            cache = _folder["cache"],
        }));
        Dictionary<string, string> keys = new() { ["AWS_ACCESS_KEY_ID"] = s3.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = s3.SecretKey };
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        string local = _folder["local"];
        Random random = new(Number("KILL_SEED") ?? 1);
        int killed = 0;
        for (int round = 1; round <= (Number("KILL_ROUNDS") ?? 2); round++)
        {
            upstreams.Change();
            killed += await KillTwoAsync(upstreams, ["sync", .. upstreams.Urls, "--store", settings, "--quiet", "--jobs", "2"], keys, random);
            await AssertRunsAsync(keys, "sync", [.. upstreams.Urls, "--store", settings, "--quiet"]);
            await AssertRunsAsync([], "sync", [.. upstreams.Urls, "--store", local, "--quiet"]);
            await AssertRunsAsync(keys, "fsck", ["--store", settings]);
            await AssertSameSnapshotsAsync(upstreams, database, local);
        }

        Assert.True(killed > 0, "No process was killed: the moments all came too late.");
        foreach ((string name, GitFixture source) in upstreams.Repositories)
        {
            string exported = _folder["exported", name];
            await AssertRunsAsync(keys, "export", [upstreams.Forge.UrlOf(name), exported, "--store", settings]);
            new StoreJudge(Path.Combine(exported, "objects"), _folder["judge"]).AssertHolds(source);
        }
    }

    /// <summary>Starts two processes and kills each at a request of its own choosing, counted over both.</summary>
    private static async Task<int> KillTwoAsync(Upstreams upstreams, string[] arguments, Dictionary<string, string> environment, Random random)
    {
        using Process first = ActorsProcess.Start(environment, arguments);
        using Process second = ActorsProcess.Start(environment, arguments);
        (int one, int two, int counted) = (random.Next(1, 12), random.Next(12, 24), 0);
        upstreams.Forge.Behaviour = new ForgeBehaviour
        {
            Answer = _ =>
            {
                int now = Interlocked.Increment(ref counted);
                if (now == one)
                {
                    first.Kill();
                }
                else if (now == two)
                {
                    second.Kill();
                }

                return null;
            },
        };
        int[] codes = await Task.WhenAll(EndAsync(first), EndAsync(second));
        upstreams.Forge.Behaviour = new ForgeBehaviour();

        // 137 is 128 + SIGKILL.
        Assert.All(codes, code => Assert.True(code is 0 or 137, $"A process that was not killed ended with {code}."));
        return codes.Count(code => code == 137);
    }

    private static async Task<int> EndAsync(Process process)
    {
        Task<string> errors = process.StandardError.ReadToEndAsync();
        _ = await process.StandardOutput.ReadToEndAsync();
        _ = await errors;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task AssertRunsAsync(Dictionary<string, string> environment, string command, string[] arguments)
    {
        using Process process = ActorsProcess.Start(environment, [command, .. arguments]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command}: {process.ExitCode}: {output}{await errors}");
    }

    private static async Task AssertSameSnapshotsAsync(Upstreams upstreams, string database, string local)
    {
        await using PostgresHeadStore shared = await PostgresHeadStore.OpenAsync(database, TimeProvider.System, new Random(1), CancellationToken.None);
        await using SqliteHeadStore own = SqliteHeadStore.OpenForReading(Path.Combine(local, "heads.sqlite"));
        RepositoryUrl[] urls = [.. upstreams.Urls.Select(RepositoryUrl.Parse)];
        IReadOnlyList<RepositoryState?> here = await own.FindAsync(urls, CancellationToken.None);
        IReadOnlyList<RepositoryState?> there = await shared.FindAsync(urls, CancellationToken.None);
        Assert.Equal(here.Select(state => state!.Snapshot), there.Select(state => state!.Snapshot));
        Assert.DoesNotContain(there, state => state!.Snapshot is null);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
