using System.Text.Json;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.EndToEnd.Tests.Workspaces;

/// <summary>Many processes of the console, and many workspaces of one; <c>WORKSPACE_PROCESSES</c> and <c>WORKSPACE_PAIRS</c> choose how many.</summary>
public sealed class WorkspaceProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WorkspaceProcessTests()
    {
        GitCommand.Require(Assert.Skip);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Workspaces are made on Linux only.");
    }

    private string Store => _folder["store"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Processes_at_once_on_one_commit_and_one_path_are_each_served_or_clearly_refused()
    {
        GitFixture source = new GitFixture(_folder["served", "one.git"]).AddHistory(4, files: 6).AddUnusualEntries();
        await using LocalForge forge = await LocalForge.StartAsync(_folder["served"]);
        string[] add = ["workspace", "add", forge.UrlOf("one.git"), "--commit", source.Oid("main"), "--store", Store];
        int processes = Number("WORKSPACE_PROCESSES") ?? 6;

        // Half of them want the same folder. The store is empty: they make it, and fetch, too.
        (int Code, string Output, string Errors)[] ends = await Task.WhenAll(
            Enumerable.Range(0, processes).Select(i => ActorsProcess.RunAsync(i % 2 == 0 ? add : [.. add, "--path", _folder["here"]])));

        string[] own = [.. ends.Where((_, i) => i % 2 == 0).Select(end => end.Output.TrimEnd('\n'))];
        Assert.All(ends.Where((_, i) => i % 2 == 0), end => Assert.True(end.Code == 0, end.Errors));
        Assert.Equal(own.Length, own.Distinct().Count());
        (int Code, string Output, string Errors)[] same = [.. ends.Where((_, i) => i % 2 == 1)];
        Assert.Equal(_folder["here"] + "\n", Assert.Single(same, end => end.Code == 0).Output);
        Assert.All(same.Where(end => end.Code != 0), end => Assert.Equal((2, true), (end.Code, end.Errors.Contains("exists and is not an empty folder", StringComparison.Ordinal))));
        foreach (string path in own.Append(_folder["here"]))
        {
            AssertSound(path, source.Oid("main"));
        }

        (int code, string list, _) = await ActorsProcess.RunAsync("workspace", "list", "--store", Store);
        Assert.Equal((0, own.Length + 1), (code, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath, ".actors-*"));
    }

    [Fact]
    public async Task A_list_of_many_commits_of_several_repositories_becomes_as_many_workspaces_with_a_line_of_report_each()
    {
        int pairs = Number("WORKSPACE_PAIRS") ?? 90;
        GitFixture[] sources = [.. Enumerable.Range(0, 3).Select(i => new GitFixture(_folder["served", $"r{i}.git"], seed: i).AddHistory(pairs / 3))];
        await using LocalForge forge = await LocalForge.StartAsync(_folder["served"]);
        string[] lines = [.. sources.SelectMany((source, i) => source.Git.Lines("rev-list", "main").Take(pairs / 3).Select(oid => $"{forge.UrlOf($"r{i}.git")} {oid} r{i}-{oid}"))];
        await File.WriteAllLinesAsync(_folder["list"], lines, TestContext.Current.CancellationToken);

        (int code, string output, string errors) = await ActorsProcess.RunAsync(
            "workspace", "add", "--list", _folder["list"], "--store", Store, "--path", _folder["into"], "--report", _folder["report.jsonl"]);

        Assert.True(code == 0, errors);
        Assert.Contains($"{lines.Length} workspaces made, 0 failed, 0 bad lines", errors, StringComparison.Ordinal);
        Assert.Equal(lines.Select(line => _folder["into", line.Split(' ')[2]]).Order(), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Equal(
            lines.Select(line => line.Split(' ')[1]).Order(),
            File.ReadLines(_folder["report.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("commit").GetString()).Order());
        foreach (string line in lines.Where((_, i) => i % 10 == 0))
        {
            AssertSound(_folder["into", line.Split(' ')[2]], line.Split(' ')[1]);
        }
    }

    private static void AssertSound(string path, string oid)
    {
        GitCommand git = new(path);
        Assert.Equal(("", oid), (git.Run("status", "--porcelain"), git.Run("rev-parse", "HEAD")));
        git.Run("fsck", "--connectivity-only");
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;
}
