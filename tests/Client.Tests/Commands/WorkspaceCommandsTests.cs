using System.Text.Json;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Client.Tests.Commands;

public sealed class WorkspaceCommandsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private GitFixture _library = null!;
    private LocalForge _forge = null!;

    private string Store => _folder["store"];

    private string Url => _forge.UrlOf("library.git");

    public async ValueTask InitializeAsync()
    {
        GitCommand.Require(Assert.Skip);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Workspaces are made on Linux only.");
        _library = new GitFixture(_folder["forge", "library.git"]).AddHistory(6).AddTag("v1", "main~2");
        _library.ForkTo(_folder["forge", "fork.git"]).AddCommit("main", "mine", ("mine.txt", "mine"));
        _forge = await LocalForge.StartAsync(_folder["forge"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_forge is not null)
        {
            await _forge.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task The_first_use_fetches_and_the_next_one_asks_nobody()
    {
        CommandRun first = await CommandRun.OfAsync("", "workspace", "add", Url, "--store", Store, "--path", _folder["w1"], "--branch", "mine");
        Assert.Equal((0, _folder["w1"] + "\n"), (first.Code, first.Text));
        long requests = _forge.Requests;
        CommandRun second = await CommandRun.OfAsync("", "workspace", "add", Url, "--store", Store, "--commit", "v1");

        Assert.Equal(0, second.Code);
        Assert.Equal(requests, _forge.Requests);
        GitCommand git = new(second.Lines[0]);
        Assert.Equal(_library.Oid("v1^{}"), git.Run("rev-parse", "HEAD"));
        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.Equal("mine", new GitCommand(_folder["w1"]).Run("branch", "--show-current"));
        CommandRun list = await CommandRun.OfAsync("", "workspace", "list", "--store", Store);
        Assert.Equal([Url, Url], list.Lines.Select(line => line.Split('\t')[3]));
        CommandRun remove = await CommandRun.OfAsync("", "workspace", "remove", _folder["w1"], "--force", "--store", Store);
        Assert.Equal((0, 1), (remove.Code, (await CommandRun.OfAsync("", "workspace", "list", "--store", Store)).Lines.Length));
        Assert.Equal(0, (await CommandRun.OfAsync("", "workspace", "prune", "--store", Store)).Code);
        Assert.Equal(0, (await CommandRun.OfAsync("", "workspace", "gc", "--dry-run", "--store", Store)).Code);
    }

    [Fact]
    public async Task A_list_becomes_workspaces_with_a_report_and_what_fails_is_told()
    {
        string old = _library.Oid("main~4");
        string list = $"{Url} {old}\n# comment\n{_forge.UrlOf("fork.git")} main named\n{Url} {new string('1', 40)}\nht!tp://x y\n{_forge.UrlOf("nowhere.git")}\n";
        CommandRun run = await CommandRun.OfAsync(list, "workspace", "add", "--list", "-", "--store", Store, "--path", _folder["into"], "--report", _folder["report.jsonl"]);

        Assert.Equal(2, run.Code);
        Assert.Equal(2, run.Lines.Length);
        Assert.Contains("2 workspaces made, 2 failed, 1 bad lines", run.Error, StringComparison.Ordinal);
        Assert.Contains("neither by its name nor through its refs", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder["into", "named", "mine.txt"], TestContext.Current.CancellationToken));
        JsonElement[] lines = [.. File.ReadAllLines(_folder["report.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["made", "made", "remote-failed", "remote-failed"], lines.Select(line => line.GetProperty("end").GetString()).Order(StringComparer.Ordinal));
        Assert.Contains(lines, line => line.GetProperty("commit").GetString() == old);
    }

    [Fact]
    public async Task Submodules_of_all_levels_are_fetched_and_filled()
    {
        GitFixture deep = new GitFixture(_folder["forge", "deep.git"], seed: 5).AddHistory(2);
        GitFixture middle = new GitFixture(_folder["forge", "middle.git"], seed: 6).AddHistory(1).AddEntries(
            "main", "submodule", ("100644", ".gitmodules", "[submodule \"deep\"]\n\tpath = deep\n\turl = ../deep.git\n"), ("160000", "deep", deep.Oid("main~1")));
        new GitFixture(_folder["forge", "outer.git"], seed: 7).AddHistory(1).AddEntries(
            "main", "submodule",
            ("100644", ".gitmodules", "[submodule \"middle\"]\n\tpath = lib/middle\n\turl = ../middle.git\n[submodule \"library\"]\n\tpath = library\n\turl = ../library.git\n"),
            ("160000", "lib/middle", middle.Oid("main")), ("160000", "library", _library.Oid("main~3")));
        CommandRun run = await CommandRun.OfAsync("", "workspace", "add", _forge.UrlOf("outer.git"), "--recurse-submodules", "--store", Store, "--path", _folder["here"]);

        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(
            [$" {middle.Oid("main")} lib/middle", $" {deep.Oid("main~1")} lib/middle/deep", $" {_library.Oid("main~3")} library"],
            new GitCommand(_folder["here"]).Lines("submodule", "status", "--recursive").Select(line => line.Split(" (")[0]));
        Assert.Equal("", new GitCommand(_folder["here"]).Run("status", "--porcelain"));
        long requests = _forge.Requests;
        CommandRun again = await CommandRun.OfAsync("", "workspace", "add", _forge.UrlOf("outer.git"), "--recurse-submodules", "--store", Store);
        Assert.Equal((0, requests), (again.Code, _forge.Requests));
        Directory.Delete(_folder["forge", "deep.git"], recursive: true);
        CommandRun missing = await CommandRun.OfAsync("", "workspace", "add", _forge.UrlOf("outer.git"), "--recurse-submodules", "--store", _folder["other"], "--path", _folder["there"]);
        Assert.Equal((2, false), (missing.Code, Directory.Exists(_folder["there"])));
        Assert.Contains($"{_forge.UrlOf("deep.git")}: gone", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_asks_nobody_and_says_what_is_missing()
    {
        Assert.Equal(1, (await CommandRun.OfAsync("", "workspace", "add", Url, "--offline", "--store", Store)).Code);
        Assert.Equal(0, (await CommandRun.OfAsync("", "workspace", "add", Url, "--store", Store)).Code);
        CommandRun run = await CommandRun.OfAsync("", "workspace", "add", _forge.UrlOf("fork.git"), "--offline", "--store", Store);

        Assert.Equal(2, run.Code);
        Assert.Contains("the store has no HEAD of", run.Error, StringComparison.Ordinal);
    }
}
