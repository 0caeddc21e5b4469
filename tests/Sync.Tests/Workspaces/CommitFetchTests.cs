using System.Text;
using Actors.Store.Heads;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

public sealed class CommitFetchTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repository_that_was_never_seen_is_visited()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(5);

        Workspace workspace = await BringAndAddAsync(bed, new WorkspaceRequest { Url = bed.Url("library") });

        bed.AssertSound(workspace, source);
        Assert.NotNull((await bed.Heads.FindAsync([bed.Url("library")], Token))[0]);
    }

    [Fact]
    public async Task A_commit_that_no_ref_names_is_fetched_by_its_oid_with_all_its_history()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(12);
        string lost = source.Oid("main");
        source.SetRef("main", "main~4");
        source.Git.Run("config", "uploadpack.allowAnySHA1InWant", "true");
        await bed.VisitAsync("library");

        Workspace workspace = await BringAndAddAsync(bed, new WorkspaceRequest { Url = bed.Url("library"), Commit = lost });

        bed.AssertSound(workspace, source, lost);
        Assert.Equal("12", new GitCommand(workspace.Path).Run("rev-list", "--count", "HEAD"));
        Assert.Equal("false", new GitCommand(workspace.Path).Run("rev-parse", "--is-shallow-repository"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pull_request_that_visits_pass_over_is_fetched_by_ref_or_oid(bool byRef)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(6).SetRef("proposed", "main").AddHistory(2, branch: "proposed");
        source.SetRef("refs/pull/7/head", "proposed").DeleteRef("proposed");
        await bed.VisitAsync("library");

        Workspace workspace = await BringAndAddAsync(
            bed, new WorkspaceRequest { Url = bed.Url("library"), Commit = byRef ? "refs/pull/7/head" : source.Oid("refs/pull/7/head") });

        bed.AssertSound(workspace, source, "refs/pull/7/head");
    }

    [Fact]
    public async Task What_nobody_has_is_told()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(2);
        CommitFetch fetch = FetchOf(bed);

        Assert.Contains("gone", (await fetch.BringAsync(new WorkspaceRequest { Url = bed.Url("nowhere") }, Token)).Error, StringComparison.Ordinal);
        Assert.Contains("has no elsewhere", (await fetch.BringAsync(new WorkspaceRequest { Url = bed.Url("library"), Commit = "elsewhere" }, Token)).Error, StringComparison.Ordinal);
        Assert.Contains("neither by its name nor through its refs", (await fetch.BringAsync(new WorkspaceRequest { Url = bed.Url("library"), Commit = new string('1', 40) }, Token)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_throttles_the_fetch_of_one_commit_has_throttled_the_visit_and_the_next_one_brings_both()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(8);
        string lost = source.Oid("main");
        source.SetRef("main", "main~3");
        WorkspaceRequest[] requests = [new() { Url = bed.Url("library"), Commit = lost }, new() { Url = bed.Url("library"), Commit = new string('1', 40) }, new() { Url = bed.Url("library") }];
        bed.Behaviour = new ForgeBehaviour
        {
            Answer = request => request.Body.Span.IndexOf(Encoding.ASCII.GetBytes("want " + lost)) >= 0
                ? CannedAnswer.Of(429, "later", ("Retry-After", "7"))
                : null,
        };
        SyncStep visit = (url, known, token) => bed.Sync.RunAsync(url, known, new SyncOptions(), token);

        (SyncResult first, IReadOnlyList<(WorkspaceRequest, string? Error)> refused) = await FetchOf(bed).VisitAsync(visit, requests, null, Token);
        bed.Behaviour = new ForgeBehaviour();
        (SyncResult second, IReadOnlyList<(WorkspaceRequest, string? Error)> ends) = await FetchOf(bed).VisitAsync(visit, requests, null, Token);

        Assert.Equal((Outcome.Throttled, Outcome.Throttled, null), (first.Report.Outcome, first.Visit.Outcome, first.Visit.NewSnapshot));
        Assert.Equal(HostEvidenceKind.Throttled, HostEvidence.Of(first, null).Kind);
        Assert.Equal(TimeSpan.FromSeconds(7), HostEvidence.Of(first, null).RetryAfter);
        Assert.All(refused, end => Assert.NotNull(end.Error));
        Assert.True(second.Report.Outcome.IsSuccess());
        Assert.NotNull(second.Visit.NewSnapshot);
        Assert.Equal([true, false, true], ends.Select(end => end.Error is null));
        bed.AssertSound(await bed.AddAsync(requests[0]), source, lost);
    }

    private static CommitFetch FetchOf(WorkspaceBed bed) => new(bed.Client, bed.Sync, bed.Store, bed.Heads, TimeProvider.System, new SyncOptions());

    private static async Task<Workspace> BringAndAddAsync(WorkspaceBed bed, WorkspaceRequest request)
    {
        Assert.Equal(WorkspaceEnd.NotFound, (await bed.TryAddAsync(request)).End);
        (WorkspaceRequest brought, string? error) = await FetchOf(bed).BringAsync(request, Token);
        Assert.Null(error);
        return await bed.AddAsync(brought);
    }
}
