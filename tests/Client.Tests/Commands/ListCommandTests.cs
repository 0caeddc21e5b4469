using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Listings;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Client.Tests.Commands;

/// <summary>A forge's API that a test plays, whose repositories a real git server has.</summary>
public sealed class ListCommandTests : IAsyncLifetime
{
    private const string First = "/api/v4/projects?pagination=keyset&per_page=100&order_by=id&sort=asc";

    private readonly TemporaryFolder _folder = new();
    private readonly RegistryServer _api = new();
    private LocalForge? _forge;

    private string Store => _folder["store"];

    private string Source => "gitlab:" + _api.Address.AbsoluteUri.TrimEnd('/');

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_forge is not null)
        {
            await _forge.DisposeAsync();
        }

        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lines_are_printed_what_they_are_known_by_is_kept_and_a_broken_listing_is_resumed()
    {
        Put(First, 1, (1, "https://h.example/a", "https://h.example/up"), (2, "https://h.example/b", null));
        _api.PutRaw(First + "&id_after=2", HttpAnswer.Of("no"u8, 404));
        CommandRun broken = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--quiet");
        Assert.Equal((2, "https://h.example/a\nhttps://h.example/b\n"), (broken.Code, broken.Text));
        Assert.Contains("--resume", broken.Error, StringComparison.Ordinal);

        Put(First + "&id_after=2", 2, (7, "https://h.example/c", null));
        Put(First + "&id_after=7", 7);
        CommandRun resumed = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--resume", "--format", "jsonl");
        Assert.Equal((0, """{"url":"https://h.example/c","updatedAt":"2024-05-01T01:00:00Z"}"""), (resumed.Code, Assert.Single(resumed.Lines)));
        CommandRun nothing = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--resume");
        Assert.Equal((0, ""), (nothing.Code, nothing.Text));
        CommandRun anew = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--containing", "/B", "--errors", _folder["errors"]);
        Assert.Equal((0, "https://h.example/b\n"), (anew.Code, anew.Text));

        await using SqliteListingStore listings = SqliteListingStore.Open(Path.Combine(Store, "listings.sqlite"));
        ListedRepository? listed = (await listings.FindListedAsync([RepositoryUrl.Parse("https://h.example/a")], CancellationToken.None))[0];
        Assert.Equal("https://h.example/up", listed!.Parent.ToString());
    }

    [Fact]
    public async Task Times_choose_what_changed()
    {
        Put(First, 1, (1, "https://h.example/a", null));
        Put(First + "&id_after=1", 1);
        Assert.Empty((await CommandRun.OfAsync("", "list", Source, "--store", Store, "--since", "2024-06-01")).Lines);
        Assert.Single((await CommandRun.OfAsync("", "list", Source, "--store", Store, "--since", "2024-04-01", "--until", "2024-06-01")).Lines);
        Assert.Single((await CommandRun.OfAsync("", "list", Source, "--store", Store, "--since", "30000d")).Lines);
        Assert.Empty((await CommandRun.OfAsync("", "list", Source, "--store", Store, "--until", "2024-04-01")).Lines);
    }

    [Fact]
    public async Task What_is_scheduled_is_watched_and_news_brings_a_visit_forward()
    {
        await ServeAsync("a.git");
        Put(First, 1, (1, Url("a.git"), null));
        Put(First + "&id_after=1", 1);
        CommandRun scheduled = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--schedule");
        Assert.Equal((0, ""), (scheduled.Code, scheduled.Text));
        Assert.Contains("1 repositories listed", scheduled.Error, StringComparison.Ordinal);
        CommandRun watched = await CommandRun.OfAsync("", "watch", "--store", Store, "--once", "--report", "-");
        Assert.Equal("new", Outcome(Assert.Single(watched.Lines)));

        // Nothing happened since; then it did.
        Assert.Contains("0 changed since", (await CommandRun.OfAsync("", "list", Source, "--store", Store, "--schedule")).Error, StringComparison.Ordinal);
        Put(First, 1, DateTimeOffset.UtcNow.AddHours(1), (1, Url("a.git"), null));
        Assert.Contains("1 changed since", (await CommandRun.OfAsync("", "list", Source, "--store", Store, "--schedule")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_listed_is_synced_as_it_comes_and_only_what_was_visited_is_behind_us()
    {
        await ServeAsync("a.git", "b.git", "c.git");
        Put(First, 1, (1, Url("a.git"), null), (2, Url("none.git"), null));
        Put(First + "&id_after=2", 2, (3, Url("b.git"), Url("a.git")), (4, Url("b.git"), null));
        _api.PutRaw(First + "&id_after=4", HttpAnswer.Of("no"u8, 404));
        CommandRun first = await CommandRun.OfAsync(
            "", "list", Source, "--store", Store, "--sync", "--report", "-", "--errors", _folder["errors"], "--hashes", _folder["hashes"]);
        Assert.Equal(2, first.Code);
        Assert.Equal(["gone", "new", "new"], first.Lines.Select(Outcome).Order());
        Assert.StartsWith($"{Url("none.git")};gone;", Assert.Single(File.ReadAllLines(_folder["errors"])), StringComparison.Ordinal);
        Assert.Equal([Url("a.git"), Url("b.git")], File.ReadAllLines(_folder["hashes"]).Select(line => line.Split(';')[0]).Order());
        Assert.All(File.ReadAllLines(_folder["hashes"]), line => Assert.Equal(40, line.Split(';')[1].Length));

        Put(First + "&id_after=4", 4, (5, Url("c.git"), null), (6, Url("a.git"), null));
        Put(First + "&id_after=6", 6);
        CommandRun second = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--sync", "--resume", "--new", "--report", "-");
        Assert.Equal((0, "new"), (second.Code, Outcome(Assert.Single(second.Lines))));
        // Not from the beginning, and not what is known.
        Assert.Single(_api.Asked, path => path == First);
        CommandRun third = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--sync", "--resume", "--report", "-");
        Assert.Equal((0, ""), (third.Code, third.Text));
    }

    [Fact]
    public async Task Packages_that_a_database_names_are_found_in_a_suite_and_synced_by_one_command()
    {
        await ServeAsync("a.git", "known.git");
        Publish($"Package: a\nVcs-Git: {Url("a.git")} -b debian/sid\n\nPackage: known\nVcs-Git: {Url("known.git")}\n\nPackage: elsewhere\nVcs-Git: https://elsewhere.example/e.git\n\nPackage: none\n\nPackage: unasked\nVcs-Git: {Url("unasked.git")}\n");
        await using (SqliteListingStore names = SqliteListingStore.Open(_folder["packages.db"]))
        {
            await names.SaveListedAsync(
                [.. new[] { "a", "known", "elsewhere", "none", "gone" }.Select(name => new ListedRepository { Url = RepositoryUrl.Parse("https://names.example/" + name), ListedAt = DateTimeOffset.UnixEpoch })],
                CancellationToken.None);
        }

        Assert.Equal(0, (await CommandRun.OfAsync(Url("known.git"), "sync", "-", "--store", Store)).Code);
        string[] job =
        [
            "list", "sql:" + _folder["packages.db"], "SELECT DISTINCT replace(url, 'https://names.example/', '') FROM repository", "--packages", "debian:sid", "--api", _api.Address.AbsoluteUri,
            "--containing", "127.0.0.1", "--new", "--sync", "--errors", _folder["errors"], "--hashes", _folder["hashes"], "--for", "5m", "--report", "-", "--store", Store,
        ];
        CommandRun run = await CommandRun.OfAsync("", job);
        Assert.Equal((0, "new"), (run.Code, Outcome(Assert.Single(run.Lines))));
        Assert.Equal(["gone;not-listed;not a source package of sid", "none;not-listed;no Vcs-Git"], File.ReadAllLines(_folder["errors"]).Order());
        Assert.StartsWith(Url("a.git") + ";", Assert.Single(File.ReadAllLines(_folder["hashes"])), StringComparison.Ordinal);
        CommandRun again = await CommandRun.OfAsync("", job);
        Assert.Equal((0, ""), (again.Code, again.Text));
    }

    [Fact]
    public async Task Time_that_is_up_is_no_failure()
    {
        Put(First, 1, (1, "https://h.example/a", null));
        _api.PutRaw(First + "&id_after=1", HttpAnswer.Of("later"u8, 429, null, "Retry-After: 600"));
        CommandRun run = await CommandRun.OfAsync("", "list", Source, "--store", Store, "--for", "1500ms");
        Assert.Equal((0, "https://h.example/a\n"), (run.Code, run.Text));
        Assert.Contains("time is up", run.Error, StringComparison.Ordinal);
        Assert.Contains("is left alone for", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names no lister", "nothing:x")]
    [InlineData("says nothing to list", "github:")]
    [InlineData("two ways", "github:x", "--sync", "--schedule")]
    [InlineData("tell of syncs", "github:x", "--hashes", "f")]
    [InlineData("followed by a query", "sql:x.db")]
    [InlineData("credentials", "cgit:https://u:p@h.example/")]
    [InlineData("is not a time", "github:x", "--since", "soon")]
    public async Task What_cannot_be_is_said_at_once(string expected, params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync("", ["list", .. arguments, "--store", Store]);
        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Error + run.Text, StringComparison.Ordinal);
    }

    private void Publish(string sources)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(sources);
        _api.Put("/dists/sid/main/source/Sources", bytes);
        _api.Put("/dists/sid/Release", $"Components: main\nSHA256:\n {Convert.ToHexStringLower(SHA256.HashData(bytes))} {bytes.Length} main/source/Sources\n");
    }

    private static string Outcome(string line) => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()!;

    private string Url(string name) => _forge!.UrlOf(name).ToString();

    private async Task ServeAsync(params string[] names)
    {
        GitCommand.Require(Assert.Skip);
        foreach (string name in names)
        {
            new GitFixture(_folder["forge", name]).AddHistory(2);
        }

        _forge = await LocalForge.StartAsync(_folder["forge"]);
    }

    private void Put(string path, int after, params (int Id, string Url, string? Parent)[] projects) => Put(path, after, new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero), projects);

    private void Put(string path, int after, DateTimeOffset at, params (int Id, string Url, string? Parent)[] projects)
    {
        string body = string.Join(',', projects.Select(one => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":{{one.Id}},"path_with_namespace":"p","http_url_to_repo":"{{one.Url}}","last_activity_at":"{{at:O}}"{{(one.Parent is null ? "" : $",\"forked_from_project\":{{\"http_url_to_repo\":\"{one.Parent}\"}}")}}}""")));
        string next = projects.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Link: <http://elsewhere.example{First}&id_after={projects[^1].Id}>; rel=\"next\"");
        _api.PutRaw(path, HttpAnswer.Of(Encoding.UTF8.GetBytes($"[{body}]"), 200, null, next.Length == 0 ? [$"X-After: {after}"] : [next]));
    }
}
