using Actors.Client.Tests.Commands;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Client.Tests.Clusters;

/// <summary>What is read through a cluster is what is read from its store.</summary>
public sealed class ClusterReadingTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalForge _forge = null!;

    public async ValueTask InitializeAsync()
    {
        GitCommand.Require(Assert.Skip);
        GitFixture library = new GitFixture(_folder["forge", "library.git"]).AddHistory(5).AddTag("v1").AddUnusualEntries();
        _forge = await LocalForge.StartAsync(_folder["forge"]);
        _ = await CommandRun.OfAsync("", "sync", _forge.UrlOf("library.git"), _forge.UrlOf("gone.git"), "--store", _folder["store"]);
        library.AddCommit("main", "more", ("more.txt", "more"));
        CommandRun run = await CommandRun.OfAsync("", "sync", _forge.UrlOf("library.git"), "--store", _folder["store"]);
        Assert.Equal(0, run.Code);
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
    public async Task Heads_log_and_missing_are_those_of_the_store()
    {
        await using LocalObjectStore objects = LocalObjectStore.Open(_folder["store"], StoreAccess.Read, TimeProvider.System);
        await using SqliteHeadStore heads = SqliteHeadStore.OpenForReading(StoreFolder.HeadsOf(_folder["store"]));
        await using ClusterServer server = await ClusterServer.StartAsync(objects: objects, heads: heads);
        string url = _forge.UrlOf("library.git");
        string oids = string.Concat((await CommandRun.OfAsync("", "heads", url, "--store", _folder["store"])).Lines.Select(line => line[..40] + "\n" + new string('1', 40) + "\n"));
        foreach (string[] command in (string[][])
        [
            ["heads", url], ["heads"], ["heads", url, "--format", "woc"], ["heads", "--format", "woc"], ["heads", url, "--format", "jsonl"], ["heads", "--format", "jsonl"],
            ["log", url], ["log", _forge.UrlOf("gone.git")], ["missing"],
        ])
        {
            CommandRun here = await CommandRun.OfAsync(oids, [.. command, "--store", _folder["store"]]);
            CommandRun there = await CommandRun.OfAsync(oids, [.. command, "--cluster", server.Url]);
            Assert.Equal((0, here.Text, here.Error), (there.Code, there.Text, there.Error));
            Assert.NotEmpty(there.Lines);
        }

        CommandRun why = await CommandRun.OfAsync("", "explain", _forge.UrlOf("gone.git"), "--store", _folder["store"]);
        Assert.Equal(0, why.Code);
        Assert.Matches("^It was last visited at [0-9: -]+ by campaign 1: gone \\(.+\\)\\.$", why.Lines[0]);
        why = await CommandRun.OfAsync("", "explain", "https://example.org/a", "--cluster", server.Url);
        Assert.Equal((0, "https://example.org/a waits for a permit of example.org.\n"), (why.Code, why.Text));
        foreach (string command in (string[])["heads", "log"])
        {
            CommandRun unknown = await CommandRun.OfAsync("", command, "https://example.org/unknown", "--cluster", server.Url);
            Assert.Equal((1, "actors: https://example.org/unknown was never visited by the cluster\n"), (unknown.Code, unknown.Error));
        }
    }
}
