using System.Diagnostics;
using System.Text.Json;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Xunit;

namespace Actors.EndToEnd.Tests.SharedStores;

/// <summary>Workspaces through the console over a store that is no folder: a real PostgreSQL server and a real S3 service.</summary>
public sealed class SharedWorkspaceTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Dictionary<string, string> _keys = [];
    private string _settings = "";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_machine_fetched_another_has_as_a_workspace_in_which_stock_git_works()
    {
        GitCommand.Require(Assert.Skip);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Workspaces are made on Linux only.");
        await MakeStoreAsync();
        GitFixture source = new GitFixture(_folder["served", "one.git"]).AddHistory(6, files: 6).AddUnusualEntries().AddTag("v1", "main~3");
        await using LocalForge forge = await LocalForge.StartAsync(_folder["served"]);
        string url = forge.UrlOf("one.git");

        Assert.Equal(_folder["w1"] + "\n", await RunAsync("first", 0, "add", url, "--path", _folder["w1"], "--branch", "mine"));
        long requests = forge.Requests;
        Assert.Equal(_folder["w2"] + "\n", await RunAsync("second", 0, "add", url, "--path", _folder["w2"], "--offline"));
        string third = (await RunAsync("second", 0, "add", url, "--commit", "v1", "--offline")).TrimEnd('\n');
        await RunAsync("second", 2, "add", url, "--path", _folder["w2"], "--offline");

        Assert.Equal(requests, forge.Requests);
        foreach ((string path, string revision) in (ReadOnlySpan<(string, string)>)[(_folder["w1"], "main"), (_folder["w2"], "main"), (third, "v1^{commit}")])
        {
            GitCommand git = new(path);
            Assert.Equal(("", source.Oid(revision)), (git.Run("status", "--porcelain"), git.Run("rev-parse", "HEAD")));
            Assert.Equal(source.Git.Run("rev-list", revision), git.Run("rev-list", "HEAD"));
            git.Run("fsck", "--full");
        }

        new GitCommand(_folder["w1"]).Run("commit", "-q", "--allow-empty", "-m", "mine");
        Assert.Equal([_folder["w2"], third], (await RunAsync("second", 0, "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]).OrderBy(path => path != _folder["w2"]));
        await RunAsync("second", 0, "verify");
        await RunAsync("second", 0, "remove", _folder["w2"], third);
        await RunAsync("second", 0, "gc", "--unused-days", "0");
        await RunAsync("first", 0, "remove", _folder["w1"]);
        await RunAsync("first", 0, "gc", "--unused-days", "0");
        Assert.Empty(Bases("second"));
        // The first machine's holds a commit that is nowhere else.
        Assert.Single(Bases("first"));
        Assert.False(Directory.Exists(_folder["w1"]) || Directory.Exists(_folder["w2"]));
    }

    private async Task MakeStoreAsync()
    {
        string database = await (await postgres.StartAsync(Assert.Skip)).CreateDatabaseAsync();
        S3Server s3 = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await s3.MakeBucketAsync();
        _settings = _folder["shared.json"];
        await File.WriteAllTextAsync(_settings, JsonSerializer.Serialize(new
        {
            heads = database,
            packs = $"s3://{bucket}/store?endpoint={Uri.EscapeDataString(s3.Endpoint.ToString())}&style=path&region={S3Server.Region}",
            cache = _folder["cache"],
        }));
        _keys = new() { ["AWS_ACCESS_KEY_ID"] = s3.AccessKey, ["AWS_SECRET_ACCESS_KEY"] = s3.SecretKey };
    }

    private string[] Bases(string machine) => Directory.GetDirectories(_folder[machine], "*.git", SearchOption.AllDirectories);

    /// <summary>One command on one of two machines: each has a data folder of its own.</summary>
    private async Task<string> RunAsync(string machine, int code, string command, params string[] arguments)
    {
        Dictionary<string, string> environment = new(_keys) { ["XDG_DATA_HOME"] = _folder.Make(machine), ["XDG_CACHE_HOME"] = _folder.Make(machine, "cache") };
        using Process process = ActorsProcess.Start(environment, ["workspace", command, .. arguments, "--store", _settings]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == code, $"{command}: {process.ExitCode}: {output}{await errors}");
        return output;
    }
}
