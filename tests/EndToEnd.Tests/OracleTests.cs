using System.Text.Json;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Xunit;

namespace Actors.EndToEnd.Tests;

/// <summary>The main job with the console and a real git server: sync, change upstream, sync again, and git judges.</summary>
public sealed class OracleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OracleTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_syncs_with_changes_between_hold_what_git_says()
    {
        await using Upstreams upstreams = await Upstreams.StartAsync(_folder);
        StoreFiles store = new(_folder.Make("store"), _folder["judge"]);
        string list = _folder.Write("list", string.Join('\n', upstreams.Urls) + "\nftp://example.org/rubbish\n");
        Assert.All(await SyncAsync(list, store), outcome => Assert.Equal("new", outcome));
        await AssertEqualAsync(upstreams, store, "first");
        IReadOnlyList<(string Name, string Oid)> before = upstreams.Repositories["one.git"].Refs;

        upstreams.Change();
        upstreams.Change();
        Assert.All(await SyncAsync(list, store), outcome => Assert.Equal("updated", outcome));
        await AssertEqualAsync(upstreams, store, "second");

        long requests = upstreams.Forge.Requests;
        Assert.All(await SyncAsync(list, store), outcome => Assert.Equal("unchanged", outcome));
        Assert.Equal(upstreams.Repositories.Count, upstreams.Forge.Requests - requests);

        // A forced push upstream lost nothing here.
        GitFixture one = upstreams.Repositories["one.git"];
        new StoreJudge(Path.Combine(store.FullPath, "objects"), _folder["earlier"]).AssertHolds(one, before);
    }

    private async Task<IReadOnlyList<string>> SyncAsync(string list, StoreFiles store)
    {
        string report = _folder["report.jsonl"];
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync("sync", list, "--store", store.FullPath, "--report", report, "--quiet");
        Assert.True(exitCode == 0, output + errors);
        return [.. File.ReadAllLines(report).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()!)];
    }

    /// <summary>Objects, heads, what <c>heads</c> prints and what <c>export</c> writes.</summary>
    private async Task AssertEqualAsync(Upstreams upstreams, StoreFiles store, string round)
    {
        await store.AssertSoundAsync();
        await store.AssertHeadsAsync(upstreams);
        store.AssertHolds(upstreams);
        foreach ((string name, GitFixture source) in upstreams.Repositories)
        {
            string url = upstreams.Forge.UrlOf(name);
            (_, string heads, _) = await ActorsProcess.RunAsync("heads", url, "--store", store.FullPath, "--format", "ls-remote");
            Assert.Equal(source.Git.Lines("ls-remote", url), heads.TrimEnd('\n').Split('\n'));

            string exported = _folder[$"{round}-{name}"];
            (int exitCode, string output, string errors) = await ActorsProcess.RunAsync("export", url, exported, "--store", store.FullPath);
            Assert.True(exitCode == 0, output + errors);
            StoreJudge.AssertSame(source.Git, new GitCommand(exported));
        }
    }
}
