using System.Text.Json;
using Actors.EndToEnd.Tests.Kills;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.EndToEnd.Tests.SharedStores;

/// <summary>Packages loaded into a shared store (a real PostgreSQL server, packs in a directory) by machines that share nothing else.</summary>
public sealed class SharedPackagesTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_one_machine_loaded_no_other_downloads_again()
    {
        string database = await (await postgres.StartAsync(Assert.Skip)).CreateDatabaseAsync();
        await using PackageUpstreams upstreams = new();
        upstreams.Change();
        await LoadAsync(upstreams, Machine("one", database));
        // Another answer with the same releases: they are known by their external ids alone.
        foreach (string path in upstreams.Origins.Select(origin => $"/pypi/{origin["pypi:".Length..]}/json"))
        {
            upstreams.Server.Put(path, [.. upstreams.Server.Body(path), (byte)'\n']);
        }

        int asked = upstreams.Server.Asked.Count;
        string other = Machine("other", database);
        await LoadAsync(upstreams, other);
        Assert.Equal(asked + upstreams.Origins.Length, upstreams.Server.Asked.Count);
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync("cat", $"sha256:{upstreams.Contents.Order(StringComparer.Ordinal).First()}", "--size", "--store", other);
        Assert.True(exitCode == 0 && int.Parse(output, System.Globalization.CultureInfo.InvariantCulture) > 0, output + errors);
    }

    /// <summary>The settings of a machine with a cache of its own.</summary>
    private string Machine(string name, string database)
    {
        string settings = _folder[name + ".json"];
        File.WriteAllText(settings, JsonSerializer.Serialize(new { heads = database, packs = _folder.Make("packs"), cache = _folder["cache-" + name] }));
        return settings;
    }

    private static async Task LoadAsync(PackageUpstreams upstreams, string settings)
    {
        (int exitCode, string output, string errors) = await ActorsProcess.RunAsync(
            ["load", .. upstreams.Origins, "--registry", upstreams.Server.Address.ToString(), "--store", settings, "--quiet"]);
        Assert.True(exitCode == 0, output + errors);
    }
}
