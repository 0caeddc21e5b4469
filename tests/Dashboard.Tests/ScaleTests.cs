using Actors.Dashboard.Tests.Scenes;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

public sealed class ScaleTests(Chromium chromium)
{
    [Fact]
    public async Task Of_thousands_of_hosts_the_busiest_are_shown_and_any_is_found()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        stage.Board.Hosts = [.. Enumerable.Range(0, 6_000).Select(i => new HostView { Host = ForgeHost.Parse($"git{i:0000}.example.org"), Allowed = 4, Waiting = i, IsDown = i == 7 })];
        await stage.OpenAsync("#/hosts");
        ILocator rows = stage.Page.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(50);
        await Assertions.Expect(rows.First).ToContainTextAsync("git5999");
        await Assertions.Expect(stage.Page.GetByText("50 of 6,000 shown")).ToBeVisibleAsync();

        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Show 100 more" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(150);

        ILocator filter = stage.Page.GetByLabel("Filter by host or state: Forge hosts");
        await filter.FillAsync("git0042");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await filter.FillAsync("down");
        await Assertions.Expect(rows).ToHaveTextAsync([new System.Text.RegularExpressions.Regex("git0007")]);
        await filter.FillAsync("nowhere");
        await Assertions.Expect(stage.Page.GetByText("Nothing here has “nowhere” in it.")).ToBeVisibleAsync();
        await filter.FillAsync("");
        await stage.Page.GetByLabel("Only those held back").CheckAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Older_campaigns_are_read_when_they_are_asked_for()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        for (int i = 1; i <= 250; i++)
        {
            await stage.SubmitAsync($"list {i}");
        }

        await stage.OpenAsync("#/campaigns");
        ILocator rows = stage.Page.Locator("tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(25);
        await Assertions.Expect(rows.First).ToContainTextAsync("list 250");
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Read older campaigns" }).ClickAsync();
        await Assertions.Expect(stage.Page.GetByText("25 of 250 shown")).ToBeVisibleAsync();
        await stage.Page.GetByLabel("Filter by name or phase: Campaigns").FillAsync("list 7");
        await Assertions.Expect(rows).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task Rows_keep_their_elements_while_numbers_change()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        await stage.OpenAsync("#/campaigns");
        await stage.Page.Locator("tbody tr").EvaluateAsync("row => { row.kept = true; row.querySelector('button').focus(); }");
        stage.End(id, Outcome.Updated, 77);
        await Assertions.Expect(stage.Page.Locator("tbody tr")).ToContainTextAsync("77.0 % of 100 lines");
        Assert.True(await stage.Page.Locator("tbody tr").EvaluateAsync<bool>("row => row.kept === true && row.contains(document.activeElement)"));
    }
}
