using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

public sealed class RepositoryPageTests(Chromium chromium)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Question_is_answered_with_sentences_state_visits_and_heads()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        RepositoryUrl url = RepositoryUrl.Parse("https://example.org/owner/name");
        Oid oid = Oid.Parse("0123456789abcdef0123456789abcdef01234567");
        Snapshot snapshot = Snapshot.Create([new SnapshotBranch(RefName.Parse("refs/heads/main"), SnapshotTarget.Revision, oid), new SnapshotBranch(RefName.Parse("refs/heads/next"), SnapshotTarget.Revision, oid)]);
        DateTimeOffset at = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
        await stage.Heads.RecordAsync([new Visit { Url = url, StartedAt = at, Outcome = Outcome.New, NewSnapshot = snapshot, Snapshot = snapshot.Id, Objects = 1_234, BytesReceived = 56_000 }], Token);
        await stage.Heads.RecordAsync([new Visit { Url = url, StartedAt = at.AddDays(1), Outcome = Outcome.Throttled, Error = "429 Too Many Requests", RetryAt = at.AddDays(2) }], Token);
        stage.Board.Sentences = ["Its last visit was throttled.", "example.org asked for silence for 14 more minutes."];

        await stage.OpenAsync();
        await stage.Page.GetByLabel("Why is this repository not done? Its URL").FillAsync("https://example.org/owner/name");
        await stage.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(stage.Page.Locator(".sentences li")).ToHaveTextAsync(["Its last visit was throttled.", "example.org asked for silence for 14 more minutes."]);
        await Assertions.Expect(stage.Page.Locator(".facts")).ToContainTextAsync("throttled");
        ILocator visits = stage.Page.GetByRole(AriaRole.Table, new() { Name = "Visits" }).Locator("tbody tr");
        await Assertions.Expect(visits).ToHaveCountAsync(2);
        await Assertions.Expect(visits.First).ToContainTextAsync("429 Too Many Requests");

        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Read its heads" }).ClickAsync();
        await Assertions.Expect(stage.Page.GetByText("2 heads")).ToBeVisibleAsync();
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Table, new() { Name = "Heads" })).ToContainTextAsync("refs/heads/next" + oid);
        stage.AssertClean();
    }

    [Fact]
    public async Task Repository_that_nobody_visited_and_a_line_that_is_no_URL_are_said_to_be_that()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        await stage.OpenAsync("#/repository?url=gh:owner/name");
        await Assertions.Expect(stage.Page.Locator(".asked")).ToHaveTextAsync("https://github.com/owner/name");
        await Assertions.Expect(stage.Page.GetByText("No campaign has visited it.")).ToBeVisibleAsync();
        await stage.Page.GetByLabel("Why is this repository not done? Its URL").FillAsync("https:///");
        await stage.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(stage.Page.Locator("main").GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }
}
