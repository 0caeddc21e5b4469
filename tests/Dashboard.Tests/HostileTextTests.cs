using Actors.Dashboard.Tests.Scenes;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

/// <summary>Names, URLs and messages come from strangers: whatever they hold is shown as it is written.</summary>
public sealed class HostileTextTests(Chromium chromium)
{
    private const string Markup = "<img src=x onerror=\"window.taken=1\"><script>window.taken=1</script>";

    [Fact]
    public async Task Markup_in_every_text_of_the_API_is_shown_as_text()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync(Markup);
        RepositoryUrl url = RepositoryUrl.Parse("https://example.org/<svg/onload=taken=1><img/src=x/onerror=taken=1>/r");
        SyncReport report = SceneNames.Report("https://example.org/plain", Outcome.Failed) with { Url = url, Error = Markup, Fault = Fault.Forge };
        stage.Board.Report(id, new ReportLine { Number = 1, Sync = report });
        stage.Board.Report(id, new ReportLine { Number = 2, Rejected = new RejectedLine(1, Markup, Markup) });
        stage.Board.Failed = [report];
        stage.Board.Slowest = [report];
        stage.Board.Hosts = [new HostView { Host = ForgeHost.Parse("<img\u00a0src=x\u00a0onerror=taken=1>"), IsDown = true }];
        stage.Board.Silos = [new SiloView { Name = Markup, Status = Markup, Version = Markup }];
        stage.Board.Sentences = [Markup, $"{Markup} waits."];

        await stage.OpenAsync();
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Link, new() { Name = Markup }).First).ToBeVisibleAsync();
        await AssertNothingOfItIsMarkupAsync(stage);
        foreach (string hash in (string[])["#/campaigns", $"#/campaigns/{id}", "#/hosts", "#/silos", "#/troubles", $"#/repository?url={Uri.EscapeDataString(url.ToString())}"])
        {
            await stage.Page.EvaluateAsync("hash => { location.hash = hash; }", hash);
            await Assertions.Expect(stage.Page.Locator("main")).ToContainTextAsync("onerror=");
            await AssertNothingOfItIsMarkupAsync(stage);
        }

        // Questions and messages as well.
        await stage.Page.EvaluateAsync($"() => {{ location.hash = '#/campaigns/{id}'; }}");
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync($"Pause {Markup}?");
        await stage.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await Assertions.Expect(stage.Page.Locator(".toast")).ToContainTextAsync($"{Markup} is paused.");
        await AssertNothingOfItIsMarkupAsync(stage);
        stage.AssertClean();
    }

    [Fact]
    public async Task Policy_forbids_inline_code_and_style_strings_as_HTML_and_other_origins()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        await stage.OpenAsync();
        Assert.Equal("TypeError", await stage.Page.EvaluateAsync<string>("() => { try { document.body.innerHTML = '<b>x</b>'; return 'done'; } catch (error) { return error.name; } }"));
        Assert.Equal("TypeError", await stage.Page.EvaluateAsync<string>("() => { try { document.createElement('script').src = 'data:text/javascript,taken=1'; return 'done'; } catch (error) { return error.name; } }"));
        Assert.Equal("refused", await stage.Page.EvaluateAsync<string>("() => fetch('http://127.0.0.2:9/').then(() => 'done', () => 'refused')"));
        await stage.Page.EvaluateAsync("() => { const style = document.createElement('style'); style.textContent = 'body { display: none }'; document.head.append(style); }");
        await Assertions.Expect(stage.Page.Locator("body")).ToBeVisibleAsync();
        Assert.Equal("TypeError", await stage.Page.EvaluateAsync<string>("() => { try { document.body.setAttribute('onclick', 'taken = 1'); return 'done'; } catch (error) { return error.name; } }"));
    }

    private static async Task AssertNothingOfItIsMarkupAsync(Stage stage)
    {
        await Assertions.Expect(stage.Page.Locator("img:not([src='icon.svg'])")).ToHaveCountAsync(0);
        await Assertions.Expect(stage.Page.Locator("body script")).ToHaveCountAsync(0);
        Assert.True(await stage.Page.EvaluateAsync<bool>("window.taken === undefined"));
    }
}
