using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;

namespace Actors.EndToEnd.Tests;

/// <summary>A forge with a few repositories that share history and files, and what happens to them between two syncs.</summary>
internal sealed class Upstreams : IAsyncDisposable
{
    private readonly Dictionary<string, GitFixture> _repositories = [];
    private int _change;

    private Upstreams(LocalForge forge) => Forge = forge;

    public LocalForge Forge { get; }

    public IReadOnlyDictionary<string, GitFixture> Repositories => _repositories;

    /// <summary>The URLs, as a list for <c>actors sync</c>.</summary>
    public string[] Urls => [.. _repositories.Keys.Select(Forge.UrlOf)];

    public static async Task<Upstreams> StartAsync(TemporaryFolder folder)
    {
        string served = folder.Make("served");
        Upstreams upstreams = new(await LocalForge.StartAsync(served));
        GitFixture one = new GitFixture(folder["served", "one.git"]).AddHistory(60, files: 20).AddTag("v1");
        one.SetRef("side", "main~10").AddHistory(5, 20, "side").AddMerge("main", "side").AddUnusualTags();
        upstreams._repositories["one.git"] = one;
        upstreams._repositories["fork.git"] = one.ForkTo(folder["served", "fork.git"]).AddHistory(3, 20);
        upstreams._repositories["odd.git"] = new GitFixture(folder["served", "odd.git"], seed: 7).AddHistory(8).AddUnusualEntries().AddOddObjects();
        upstreams._repositories["copy.git"] = one.SquashTo(folder["served", "copy.git"]).AddHistory(2, 20);
        return upstreams;
    }

    /// <summary>The next change: further commits everywhere, now and then a new tag, a forced push, a branch that goes.</summary>
    public void Change()
    {
        _change++;
        foreach (GitFixture repository in _repositories.Values)
        {
            repository.Seed++;
            if (_change % 3 == 2)
            {
                repository.SetRef("main", "main~1");
            }

            repository.AddHistory(2, 20).AddTag($"t{_change}");
        }

        GitFixture one = _repositories["one.git"];
        _ = _change % 2 == 1 ? one.DeleteRef("side") : one.SetRef("side", "main~2").AddHistory(1, 20, "side");
    }

    public ValueTask DisposeAsync() => Forge.DisposeAsync();
}
