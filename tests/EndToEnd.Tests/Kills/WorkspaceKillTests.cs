using System.Globalization;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.EndToEnd.Tests.Kills;

/// <summary>
/// kill -9 at random points of making and removing workspaces. After each: what <c>list</c> shows is whole, and the same command again
/// comes to its end with nothing left over. <c>KILL_ROUNDS</c> and <c>KILL_SEED</c> choose.
/// </summary>
public sealed class WorkspaceKillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WorkspaceKillTests()
    {
        GitCommand.Require(Assert.Skip);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Workspaces are made on Linux only.");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(11, false)]
    [InlineData(13, true)]
    public async Task A_killed_creation_is_never_shown_as_whole_and_the_same_command_comes_to_its_end(int seed, bool submodules)
    {
        GitFixture source = new GitFixture(_folder["served", "one.git"]).AddHistory(4, files: 6);
        if (!submodules)
        {
            source.AddUnusualEntries();
        }
        else
        {
            source.AddEntries("main", "submodule", ("100644", ".gitmodules", "[submodule \"self\"]\n\tpath = lib/self\n\turl = ./\n"), ("160000", "lib/self", source.Oid("main")));
        }

        await using LocalForge forge = await LocalForge.StartAsync(_folder["served"]);
        string work = _folder.Make("work");
        string store = Path.Combine(work, "store");
        string url = forge.UrlOf("one.git");
        await RunAsync(0, "sync", url, "--store", store, "--quiet");
        Random random = new(Number("KILL_SEED") ?? seed);
        int killed = 0;
        int events = 56;
        for (int round = 1; round <= (Number("KILL_ROUNDS") ?? 6); round++)
        {
            string path = Path.Combine(work, $"w{round}");
            string[] add = ["workspace", "add", url, "--store", store, "--path", path, "--branch", $"b{round}", "--offline", .. submodules ? (string[])["--recurse-submodules"] : []];
            int number = 1 + random.Next(events);
            KillReport report = await DoomedRun.RunAsync(work, forge, KillTrigger.Names, number, add);
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: {number}: {(report.Killed ? "killed at" : "ended by itself after")} {report.Counted}, {report.Last}");
            events = report.Killed ? events : Math.Max(30, report.Counted);
            killed += report.Killed ? 1 : 0;

            bool whole = (await ListAsync(store)).Contains(path);
            Assert.Equal(whole, Directory.Exists(path));
            await RunAsync(whole ? 2 : 0, add);
            Assert.Contains(path, await ListAsync(store));
            AssertSound(path, $"b{round}");
            Assert.Equal(submodules ? [$" {source.Oid("main~1")} lib/self"] : [], submodules ? new GitCommand(path).Lines("submodule", "status").Select(line => line.Split(" (")[0]) : []);
            Assert.Empty(Directory.GetFileSystemEntries(work, ".actors-*"));
        }

        Assert.True(killed > 0, "No run was killed: the moments all came too late.");
        string[] listed = await ListAsync(store);
        string worktrees = Path.Combine(Directory.GetDirectories(Path.Combine(store, "workspaces", "bases"), "*.git").Single(), "worktrees");

        // An empty folder may be git's own that has just begun: it is left for a while.
        Assert.Equal(listed.Length, Directory.GetDirectories(worktrees).Count(folder => Directory.EnumerateFileSystemEntries(folder).Any()));
        Assert.All(listed, path => AssertSound(path, "b" + Path.GetFileName(path)[1..]));
    }

    [Theory]
    [InlineData(12)]
    public async Task A_killed_removal_is_ended_by_prune(int seed)
    {
        new GitFixture(_folder["served", "one.git"]).AddHistory(4, files: 6);
        await using LocalForge forge = await LocalForge.StartAsync(_folder["served"]);
        string work = _folder.Make("work");
        string store = Path.Combine(work, "store");
        string url = forge.UrlOf("one.git");
        await RunAsync(0, "sync", url, "--store", store, "--quiet");
        Random random = new(Number("KILL_SEED") ?? seed);
        for (int round = 1; round <= (Number("KILL_ROUNDS") ?? 3); round++)
        {
            string path = Path.Combine(work, $"w{round}");
            await RunAsync(0, "workspace", "add", url, "--store", store, "--path", path, "--offline");
            KillReport report = await DoomedRun.RunAsync(work, forge, KillTrigger.Names, 1 + random.Next(14), "workspace", "remove", path, "--force", "--store", store);
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: {(report.Killed ? "killed at" : "ended by itself after")} {report.Counted}, {report.Last}");
            if ((await ListAsync(store)).Contains(path))
            {
                AssertSound(path, "");
                await RunAsync(0, "workspace", "remove", path, "--store", store, "--force");
            }

            await RunAsync(0, "workspace", "prune", "--store", store);
            Assert.False(Directory.Exists(path));
            Assert.Empty(Directory.GetFileSystemEntries(work, ".actors-*"));
            Assert.Empty(await ListAsync(store));
        }
    }

    [Theory]
    [InlineData(14)]
    public async Task A_killed_adoption_leaves_the_clone_whole_and_the_same_command_comes_to_its_end(int seed)
    {
        GitFixture source = new GitFixture(_folder["served", "one.git"]).AddHistory(4, files: 6);
        await using LocalForge forge = await LocalForge.StartAsync(_folder["served"]);
        string work = _folder.Make("work");
        string store = Path.Combine(work, "store");
        await RunAsync(0, "sync", forge.UrlOf("one.git"), "--store", store, "--quiet");
        Random random = new(Number("KILL_SEED") ?? seed);
        for (int round = 1; round <= (Number("KILL_ROUNDS") ?? 4); round++)
        {
            string clone = Path.Combine(work, $"c{round}");
            new GitCommand(work).Run("clone", "-q", "--no-hardlinks", source.Folder, clone);
            GitCommand git = new(clone);
            git.Run("commit", "-q", "--allow-empty", "-m", $"mine {round}");
            string[] adopt = ["workspace", "adopt", clone, "--drop-objects", "--store", store];
            KillReport report = await DoomedRun.RunAsync(work, forge, KillTrigger.Names, 1 + random.Next(24), adopt);
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: {(report.Killed ? "killed at" : "ended by itself after")} {report.Counted}, {report.Last}");
            AssertSound(clone, "main");

            (int code, string output, string errors) = await ActorsProcess.RunAsync(adopt);
            Assert.SkipWhen((output + errors).Contains("libgit2 is missing", StringComparison.Ordinal), "libgit2 is not installed: it looks at the clones.");
            Assert.True(code == 0, output + errors);
            AssertSound(clone, "main");
            Assert.Empty(Directory.GetFiles(Path.Combine(clone, ".git", "objects", "pack"), "*.pack"));
            Assert.Single(git.Lines("rev-list", "origin/main..HEAD"));
        }
    }

    private static void AssertSound(string path, string branch)
    {
        GitCommand git = new(path);
        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.Equal(branch, git.Run("branch", "--show-current"));
        git.Run("fsck", "--connectivity-only");
    }

    private static async Task<string[]> ListAsync(string store) =>
        [.. (await RunAsync(0, "workspace", "list", "--store", store)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];

    private static async Task<string> RunAsync(int code, params string[] arguments)
    {
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync(arguments);
        Assert.True(exitCode == code, $"{string.Join(' ', arguments)}: {exitCode}: {output}{errors}");
        return output;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
