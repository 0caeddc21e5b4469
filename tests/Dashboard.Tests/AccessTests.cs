using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Web.Access;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

public sealed class AccessTests(Chromium chromium)
{
    private const string ReadToken = "read-0123456789abcdef";
    private const string WriteToken = "write-0123456789abcdef";

    private static AccessTokens Tokens => AccessTokens.Parse($"read {ReadToken}\nwrite {WriteToken}\n");

    [Fact]
    public async Task Token_is_asked_for_once_and_kept_in_the_tab()
    {
        await using Stage stage = await Stage.SetAsync(chromium, Tokens);
        await stage.SubmitAsync("nightly");
        await stage.Page.GotoAsync($"{stage.Address}dashboard/");
        ILocator dialog = stage.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("This server asks for a token.");
        await Assertions.Expect(dialog).ToHaveCountAsync(1);

        await dialog.GetByLabel("Token").FillAsync("wrong-0123456789abcdef");
        await stage.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToContainTextAsync("The token is not one of this server's.");
        await dialog.GetByLabel("Token").FillAsync(WriteToken);
        await stage.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Link, new() { Name = "nightly" })).ToBeVisibleAsync();

        await stage.Page.ReloadAsync();
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Link, new() { Name = "nightly" })).ToBeVisibleAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        Assert.DoesNotContain(stage.Requests, url => url.Contains("0123456789abcdef", StringComparison.Ordinal));
        Assert.Empty(await stage.Context.CookiesAsync());
        Assert.Equal(0, await stage.Page.EvaluateAsync<int>("localStorage.length"));

        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Forget token" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("This server asks for a token.");
        Assert.Equal(0, await stage.Page.EvaluateAsync<int>("sessionStorage.length"));
    }

    [Fact]
    public async Task Token_that_may_only_read_is_told_so_when_it_steers()
    {
        await using Stage stage = await Stage.SetAsync(chromium, Tokens);
        CampaignId id = await stage.SubmitAsync("nightly");
        await stage.Context.AddInitScriptAsync($"sessionStorage.setItem('actors-token', '{ReadToken}')");
        await stage.OpenAsync($"#/campaigns/{id}");
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Pause nightly" }).ClickAsync();
        await stage.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await Assertions.Expect(stage.Page.Locator(".toast.is-failure")).ToContainTextAsync("The token may only read");
        Assert.Equal(CampaignPhase.Running, (await stage.Board.FindAsync(id, TestContext.Current.CancellationToken))!.Phase);
    }
}
