using System.Net;
using System.Text;
using System.Text.Json;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Web.Api;
using Xunit;

namespace Actors.Web.Tests.Api;

public sealed class RepositoryEndpointsTests
{
    private const string Root = "/api/v1/repositories";
    private static readonly RepositoryUrl Url = RepositoryUrl.Parse("https://github.com/owner/name");
    private static readonly Oid First = Oid.Parse("1111111111111111111111111111111111111111");
    private static readonly Oid Second = Oid.Parse("2222222222222222222222222222222222222222");
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Repository_is_described_with_its_state_and_the_sentences()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await VisitAsync(server, Outcome.New, Heads(First));
        await VisitAsync(server, Outcome.Gone, null);
        JsonElement json = await server.GetAsync(Root + "?url=gh:owner/name");
        Assert.Equal(Url.ToString(), json.GetProperty("url").GetString());
        Assert.Equal("github.com", json.GetProperty("host").GetString());
        Assert.Equal($"{Url} waits for a permit of github.com.", json.GetProperty("explain")[0].GetString());
        RepositoryState told = RepositoryJson.Read(json.GetProperty("repository"));
        RepositoryState known = (await server.Heads.FindAsync([Url], Token))[0]!;
        Assert.Equal(known with { Digest = default }, told);
        Assert.Equal(1, told.Evidence.Absences);
    }

    [Fact]
    public async Task Unknown_repository_is_explained_all_the_same()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        JsonElement json = await server.GetAsync(Root + "?url=https%3A%2F%2Fexample.org%2Fa");
        Assert.Equal(JsonValueKind.Null, json.GetProperty("repository").ValueKind);
        Assert.Equal(1, json.GetProperty("explain").GetArrayLength());
    }

    [Fact]
    public async Task Heads_are_told_now_and_as_a_snapshot_has_them_with_names_that_are_not_text()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        Snapshot before = Heads(First);
        Snapshot now = Snapshot.Create(
        [
            .. Heads(Second).Branches,
            new SnapshotBranch(RefName.FromBytes([.. "refs/heads/"u8, 0xe4]), SnapshotTarget.Revision, First),
            new SnapshotBranch(RefName.Parse("refs/tags/v1"), SnapshotTarget.Release, First, Peeled: Second),
        ]);
        await VisitAsync(server, Outcome.New, before);
        await VisitAsync(server, Outcome.Updated, now);
        RepositoryHeads heads = HeadsJson.Read(await server.GetAsync($"{Root}/heads?url={Uri.EscapeDataString(Url.ToString())}"));
        Assert.Equal(now.Id, heads.Snapshot!.Id);
        Assert.Equal(now.Branches, heads.Snapshot.Branches);
        Assert.Equal(now.Id, Snapshot.Create(heads.Snapshot.Branches).Id);
        Assert.Equal(2, heads.State.Visit);

        heads = HeadsJson.Read(await server.GetAsync($"{Root}/heads?url={Url}&snapshot=swh:1:snp:{before.Id}"));
        Assert.Equal(before.Branches, heads.Snapshot!.Branches);

        string[] all = (await server.Client.GetStringAsync(Root + "/heads", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(now.Id, HeadsJson.Read(JsonDocument.Parse(Assert.Single(all)).RootElement).Snapshot!.Id);
    }

    [Fact]
    public async Task Heads_of_another_system_are_told_before_the_first_visit()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await server.Heads.ImportAsync([new ImportedHeads(Url, [First, Second])], Token);
        RepositoryHeads heads = HeadsJson.Read(await server.GetAsync($"{Root}/heads?url={Url}"));
        Assert.Null(heads.Snapshot);
        Assert.Equal([First, Second], heads.Imported!.Oids);
    }

    [Theory]
    [InlineData("/heads?url=https://example.org/a", 404, "url")]
    [InlineData("/visits?url=https://example.org/a", 404, "url")]
    [InlineData("", 400, "url")]
    [InlineData("?url=", 400, "url")]
    [InlineData("?url=ext::sh", 400, "url")]
    [InlineData("/heads?url=https://github.com/owner/name&snapshot=xyz", 400, "snapshot")]
    [InlineData("/heads?url=https://github.com/owner/name&snapshot=3333333333333333333333333333333333333333", 404, "snapshot")]
    [InlineData("/visits?url=https://github.com/owner/name&max=1001", 400, "max")]
    public async Task What_cannot_be_answered_is_named(string path, int status, string field)
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await VisitAsync(server, Outcome.New, Heads(First));
        Problem problem = await server.RefusedAsync(HttpMethod.Get, Root + path);
        Assert.Equal((status, field), (problem.Status, problem.Field));
    }

    [Fact]
    public async Task Visits_are_told_newest_first_in_pages()
    {
        await using ApiServer server = await ApiServer.StartAsync();
        await VisitAsync(server, Outcome.New, Heads(First));
        await VisitAsync(server, Outcome.Throttled, null);
        await VisitAsync(server, Outcome.Updated, Heads(Second));
        JsonElement page = await server.GetAsync($"{Root}/visits?url={Url}&max=2");
        Visit[] visits = [.. page.GetProperty("visits").EnumerateArray().Select(v => VisitJson.Read(Url, v))];
        Assert.Equal("3, 2", string.Join(", ", visits.Select(v => v.Number)));
        List<Visit> known = [];
        await foreach (Visit visit in server.Heads.ListVisitsAsync(Url, Token))
        {
            known.Add(visit with { NewSnapshot = null, Digest = default });
        }

        Assert.Equal(known[..2], visits);
        page = await server.GetAsync($"{Root}/visits?url={Url}&max=2&before=2");
        Assert.Equal(1, page.GetProperty("visits")[0].GetProperty("number").GetInt64());
    }

    private static Snapshot Heads(Oid main) => Snapshot.Create(
    [
        new SnapshotBranch(RefName.Head, SnapshotTarget.Alias, main, RefName.Parse("refs/heads/main")),
        new SnapshotBranch(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, main),
    ]);

    private static ValueTask VisitAsync(ApiServer server, Outcome outcome, Snapshot? snapshot) => server.Heads.RecordAsync(
        [
            new Visit
            {
                Url = Url,
                StartedAt = Start,
                Outcome = outcome,
                NewSnapshot = snapshot,
                ElapsedMs = 12,
                Objects = 3,
                BytesReceived = 400,
                CloneBytes = 5000,
                Campaign = new CampaignId(7),
                RetryAt = snapshot is null ? Start.AddHours(1) : null,
                Error = snapshot is null ? "it said \"no\"\nüber" : null,
            },
        ],
        Token);
}
