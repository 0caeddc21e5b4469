using Actors.Dashboard.Tests.Scenes;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

public sealed class LiveTests(Chromium chromium)
{
    [Fact]
    public async Task Without_campaigns_the_page_says_how_to_submit_one()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        await stage.OpenAsync();
        await Assertions.Expect(stage.Page.GetByText($"actors sync list.txt --cluster {stage.Address.ToString().TrimEnd('/')}")).ToBeVisibleAsync();
        await Assertions.Expect(stage.Page.GetByText("No forge host has work")).ToBeVisibleAsync();
        await Assertions.Expect(stage.Page.GetByText("No sync has failed lately.")).ToBeVisibleAsync();
        stage.AssertClean();
    }

    [Fact]
    public async Task The_lag_comes_first_and_is_there_once_something_is_watched()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        ScheduledVisit told = new() { Url = RepositoryUrl.Parse("https://a.example/1"), Queue = ScheduleQueue.Known, DueAt = now, ObservedAt = now.AddDays(-9), ToldAt = now.AddHours(-50), Shape = 1, ExposureDays = 1 };
        await stage.Heads.AddScheduledAsync([told], TestContext.Current.CancellationToken);
        await stage.OpenAsync();
        ILocator first = stage.Page.Locator(".figure").First;
        await Assertions.Expect(first).ToContainTextAsync("Lag");
        await Assertions.Expect(first).ToContainTextAsync("2.1 d");
        await Assertions.Expect(first).ToContainTextAsync("1 of 1 due");
        stage.AssertClean();
    }

    [Fact]
    public async Task Progress_of_a_campaign_appears_without_reloading()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        await stage.OpenAsync($"#/campaigns/{id}");
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("nightly");
        ILocator bar = stage.Page.GetByRole(AriaRole.Progressbar, new() { Name = "Progress" });
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-valuenow", "0");

        stage.End(id, Outcome.Updated, 30);
        stage.End(id, Outcome.Gone, 12);
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-valuenow", "42");
        await Assertions.Expect(bar).ToHaveAttributeAsync("aria-valuetext", "42 %: Stored 30, Unchanged 0, Not there 12, Later 0, Failed 0");
        ILocator outcomes = stage.Page.GetByRole(AriaRole.Table, new() { Name = "Outcomes so far" });
        await Assertions.Expect(outcomes.GetByRole(AriaRole.Row)).ToHaveTextAsync(["OutcomeSyncsShare", "updated3071.4 %", "gone1228.6 %"]);

        stage.End(id, Outcome.Updated, 88);
        stage.Board.Change(id, view => view with { Phase = CampaignPhase.Done, EndedAt = DateTimeOffset.UtcNow });
        await Assertions.Expect(stage.Page.Locator(".page-head .chip")).ToHaveTextAsync("Done");
        await Assertions.Expect(stage.Page.Locator("#said")).ToHaveTextAsync("nightly: Done");
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Button, new() { Name = "Pause nightly" })).ToBeHiddenAsync();
        stage.AssertClean();
    }

    [Fact]
    public async Task Outcomes_over_time_are_drawn_from_what_the_page_saw()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly", 100_000);
        await stage.Page.Clock.InstallAsync(new() { TimeDate = DateTime.UtcNow });
        await stage.OpenAsync($"#/campaigns/{id}");
        ILocator chart = stage.Page.GetByRole(AriaRole.Img, new() { Name = "Outcomes a second" });
        await Assertions.Expect(chart).ToHaveAttributeAsync("aria-label", "Outcomes a second: nothing yet");

        for (int step = 1; step <= 12; step++)
        {
            stage.End(id, Outcome.Unchanged, 100 * step);
            await Assertions.Expect(stage.Page.Locator(".bar-text")).ToContainTextAsync($"{100 * step:N0} of 100,000 lines");
            await stage.Page.Clock.RunForAsync(2_000);
        }

        await Assertions.Expect(chart.Locator("path")).ToHaveCountAsync(5);
        await Assertions.Expect(chart).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("Now Stored 0, Unchanged [1-9][0-9]*, Not there 0, Later 0, Failed 0"));

        // Earlier values are read with the arrow keys.
        await chart.FocusAsync();
        await chart.PressAsync("ArrowLeft");
        await Assertions.Expect(stage.Page.Locator(".readout")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d\d:\d\d:\d\d: \d+ a second$"));
        stage.AssertClean();
    }

    [Fact]
    public async Task Last_lines_of_the_report_come_live_and_are_filtered_by_outcome()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        for (int i = 1; i <= 3; i++)
        {
            stage.Board.Report(id, new ReportLine { Number = i, Sync = SceneNames.Report($"https://example.org/{i}", i == 2 ? Outcome.Corrupt : Outcome.New) });
        }

        await stage.OpenAsync($"#/campaigns/{id}");
        ILocator rows = stage.Page.GetByRole(AriaRole.Table, new() { Name = "Last lines of the report" }).Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        stage.Board.Report(id, new ReportLine { Number = 4, Rejected = new RejectedLine(17, "no url at all", "not a repository") });
        await Assertions.Expect(rows.First).ToContainTextAsync("no url at all");
        await Assertions.Expect(rows.First).ToContainTextAsync("line 17: not a repository");

        ILocator filter = stage.Page.GetByLabel("Outcome", new() { Exact = true });
        await filter.SelectOptionAsync("wrong");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows.First).ToContainTextAsync("https://example.org/2");
        await filter.SelectOptionAsync("rejected");
        await Assertions.Expect(rows.First).ToContainTextAsync("no url at all");
        await filter.SelectOptionAsync("throttled");
        await Assertions.Expect(stage.Page.GetByText("No such line among the last ones.")).ToBeVisibleAsync();
        stage.AssertClean();
    }

    [Fact]
    public async Task Server_that_is_away_leaves_the_last_picture_and_a_banner_until_it_is_back()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        stage.End(id, Outcome.New, 10);
        await stage.OpenAsync();
        ILocator row = stage.Page.GetByRole(AriaRole.Table, new() { Name = "Campaigns" }).Locator("tbody tr");
        await Assertions.Expect(row).ToContainTextAsync("10.0 % of 100 lines");

        await stage.StopServingAsync();
        ILocator banner = stage.Page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(banner).ToContainTextAsync("The server does not answer. What is shown is of");
        await Assertions.Expect(stage.Page.Locator("#pulse-text")).ToHaveTextAsync("Not live");
        await Assertions.Expect(row).ToContainTextAsync("nightly");

        stage.End(id, Outcome.New, 60);
        await stage.ServeAgainAsync();
        await banner.GetByRole(AriaRole.Button, new() { Name = "Try now" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("60.0 % of 100 lines");
        await Assertions.Expect(banner).ToBeHiddenAsync();
        await Assertions.Expect(stage.Page.Locator("#pulse-text")).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task Watched_campaign_goes_on_after_the_server_was_away()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        await stage.OpenAsync($"#/campaigns/{id}");
        ILocator text = stage.Page.Locator(".bar-text");
        await Assertions.Expect(text).ToContainTextAsync("0 of 100 lines");
        await stage.StopServingAsync();
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        stage.End(id, Outcome.New, 60);
        await stage.ServeAgainAsync();
        await Assertions.Expect(text).ToContainTextAsync("60 of 100 lines");
    }

    [Fact]
    public async Task Campaign_that_is_not_there_is_said_to_be_none()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        await stage.OpenAsync("#/campaigns/77");
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Heading, new() { Name = "No such campaign" })).ToBeVisibleAsync();
        await Assertions.Expect(stage.Page.GetByText("There is no campaign 77.")).ToBeVisibleAsync();
    }
}
