using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Actors.Silo;
using Actors.Silo.Settings;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Grains.Tests.Silos;

/// <summary>Silos that each have a part of the object index (<c>--index</c>).</summary>
public sealed class SharedIndexTests(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_silo_answers_for_all_objects_also_when_the_one_that_had_some_of_them_was_killed()
    {
        GitCommand.Require(Assert.Skip);
        GitFixture one = new GitFixture(_folder["served", "one.git"]).AddHistory(40, files: 20);
        _ = new GitFixture(_folder["served", "two.git"], seed: 2).AddHistory(10);
        await using LocalForge forge = await LocalForge.StartAsync(_folder["served"]);
        (string Heads, string Packs, string Cache) store = await SiloProcess.MigrateAsync(postgres, _folder);
        string index = $"127.0.0.1:{SiloProcess.FreePort()}";
        await using SiloProcess first = await SiloProcess.StartAsync(store, "--index", $"127.0.0.1:{SiloProcess.FreePort()}");
        await using SiloProcess second = await SiloProcess.StartAsync(store, "--index", index);
        string[] outcomes = await WorkAsync(second, forge.UrlOf("one.git") + "\n" + forge.UrlOf("two.git") + "\n");
        Assert.Equal(["new", "new"], outcomes);

        // Of every range; none of them is missing, and those that nobody has are.
        string[] stored = [.. one.Git.Run("rev-list", "--objects", "--all").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..40])];
        string[] absent = [.. Enumerable.Range(0, 16).Select(digit => $"{digit:x}{new string('0', 39)}")];
        Assert.Equal(16, stored.Select(oid => oid[0]).Distinct().Count());
        foreach (SiloProcess silo in new[] { first, second })
        {
            Assert.Equal(absent, await MissingAsync(silo, [.. stored, .. absent]));
        }

        await second.KillAsync();
        Assert.Equal(absent, await MissingAsync(first, [.. stored, .. absent]));

        // One that comes to its place, as a supervisor starts it: its death is known with that.
        await using SiloProcess third = await SiloProcess.StartAsync(store, "--index", index, "--silo-port", $"{second.Port}");
        Assert.Equal(absent, await MissingAsync(third, [.. stored, .. absent]));
        Assert.Equal(absent, await MissingAsync(first, [.. stored, .. absent]));
        Assert.Equal((0, 0), (await third.StopAsync(), await first.StopAsync()));
    }

    /// <summary>Submits a list and follows its report to the end.</summary>
    private static async Task<string[]> WorkAsync(SiloProcess silo, string list)
    {
        using StringContent body = new(list, Encoding.UTF8, "text/plain");
        using HttpResponseMessage answer = await silo.Client.PostAsync(new Uri("/api/v1/campaigns", UriKind.Relative), body);
        string id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").ToString();
        string report = await silo.Client.GetStringAsync(new Uri($"/api/v1/campaigns/{id}/report?follow=true", UriKind.Relative));
        return [.. report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()!)];
    }

    private static async Task<string[]> MissingAsync(SiloProcess silo, string[] oids)
    {
        using ByteArrayContent body = new(Encoding.ASCII.GetBytes(string.Join('\n', oids)));
        body.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using HttpResponseMessage answer = await silo.Client.PostAsync(new Uri("/api/v1/objects/missing", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
