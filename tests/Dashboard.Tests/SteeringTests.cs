using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

public sealed class SteeringTests(Chromium chromium)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pause_and_resume_ask_first_and_then_act()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        await stage.OpenAsync("#/campaigns");
        ILocator row = stage.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "nightly" });
        ILocator dialog = stage.Page.GetByRole(AriaRole.Dialog);

        await row.GetByRole(AriaRole.Button, new() { Name = "Pause nightly" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("Pause nightly?");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep it running" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal(CampaignPhase.Running, await PhaseAsync(stage, id));

        await row.GetByRole(AriaRole.Button, new() { Name = "Pause nightly" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Paused");
        Assert.Equal(CampaignPhase.Paused, await PhaseAsync(stage, id));
        await Assertions.Expect(stage.Page.Locator(".toast")).ToContainTextAsync("nightly is paused.");

        await row.GetByRole(AriaRole.Button, new() { Name = "Resume nightly" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Running");
        Assert.Equal(CampaignPhase.Running, await PhaseAsync(stage, id));
        stage.AssertClean();
    }

    [Fact]
    public async Task Cancel_says_what_is_lost_and_keeps_the_focus_on_the_way_out()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        stage.End(id, Outcome.New, 40);
        await stage.OpenAsync($"#/campaigns/{id}");
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel nightly" }).ClickAsync();
        ILocator dialog = stage.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("60 lines of 100 would not be worked");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Keep it" })).ToBeFocusedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the campaign" }).ClickAsync();
        await Assertions.Expect(stage.Page.Locator(".page-head .chip")).ToHaveTextAsync("Cancelled");
        Assert.Equal(CampaignPhase.Cancelled, await PhaseAsync(stage, id));
    }

    [Fact]
    public async Task Priority_is_set()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        await stage.OpenAsync($"#/campaigns/{id}");
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Priority" }).ClickAsync();
        await stage.Page.GetByLabel("Priority, −100 to 100").FillAsync("-20");
        await stage.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(stage.Page.Locator(".toast")).ToContainTextAsync("nightly has priority -20.");
        Assert.Equal(-20, (await stage.Board.FindAsync(id, Token))!.Order.Priority);
        await Assertions.Expect(stage.Page.Locator(".figure").Last).ToContainTextAsync("−20");
    }

    [Fact]
    public async Task Host_is_braked_for_the_chosen_time_and_let_go()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        ForgeHost forge = ForgeHost.Parse("git.example.org:8443");
        stage.Board.Hosts = [new HostView { Host = forge, Running = 3, Allowed = 8, Waiting = 1_200, Throttled = 7 }];
        await stage.OpenAsync("#/hosts");
        ILocator row = stage.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "git.example.org" });
        await Assertions.Expect(row).ToContainTextAsync("Working");

        await row.GetByRole(AriaRole.Button, new() { Name = "Brake git.example.org:8443" }).ClickAsync();
        await stage.Page.GetByLabel("6 hours").CheckAsync();
        await stage.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Brake", Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Braked");
        TimeSpan left = stage.Board.Hosts[0].BrakedUntil!.Value - DateTimeOffset.UtcNow;
        Assert.InRange(left, TimeSpan.FromHours(5.9), TimeSpan.FromHours(6));
        await Assertions.Expect(row.Locator(".countdown")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^5 h 59 min$|^6 h 0 min$"));

        await row.GetByRole(AriaRole.Button, new() { Name = "Lift the brake of git.example.org:8443" }).ClickAsync();
        await stage.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Lift the brake" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Working");
        Assert.Null(stage.Board.Hosts[0].BrakedUntil);
        stage.AssertClean();
    }

    private static async Task<CampaignPhase> PhaseAsync(Stage stage, CampaignId id) => (await stage.Board.FindAsync(id, Token))!.Phase;
}
