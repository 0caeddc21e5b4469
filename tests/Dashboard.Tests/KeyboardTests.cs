using Actors.Dashboard.Tests.Scenes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

public sealed class KeyboardTests(Chromium chromium)
{
    private const int StepsMax = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_reached_and_done_with_keys_alone()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        CampaignId id = await stage.SubmitAsync("nightly");
        await stage.OpenAsync();
        IPage page = stage.Page;
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "nightly" })).ToBeVisibleAsync();

        // The first stop leads past the bar.
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("#skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#main")).ToBeFocusedAsync();

        // To the campaign's button, into the question, out of it with Escape, back where it began.
        await WalkToAsync(page, "Pause nightly");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause nightly" })).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume nightly" })).ToBeVisibleAsync();
        Assert.Equal(CampaignPhase.Paused, (await stage.Board.FindAsync(id, Token))!.Phase);
        stage.AssertClean();
    }

    [Fact]
    public async Task Focus_goes_round_every_page_is_always_seen_and_caught_nowhere()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        await Scene.PlayAsync(stage.Board, DateTimeOffset.UtcNow, Token);
        foreach (string hash in (string[])["#/", "#/campaigns/2", "#/hosts"])
        {
            await stage.Page.GotoAsync("about:blank");
            await stage.OpenAsync(hash);
            await Assertions.Expect(stage.Page.Locator("main table tbody tr").First).ToBeVisibleAsync();
            HashSet<string> seen = [];
            bool isRound = false;
            for (int step = 0; step < StepsMax && !isRound; step++)
            {
                await stage.Page.Keyboard.PressAsync("Tab");
                Stop stop = await LookAsync(stage.Page);
                isRound = stop.Name == "body" || (stop.Name == "#skip" && step > 0);
                if (!isRound)
                {
                    seen.Add(stop.Name);
                    Assert.True(stop.IsSeen, $"{hash}: the focus on {stop.Name} is not seen.");
                }
            }

            Assert.True(isRound, $"{hash}: after {StepsMax} steps the focus has not come round.");
            Assert.Contains("#why-url", seen);
            Assert.Contains("#theme", seen);
        }
    }

    [Fact]
    public async Task Sorting_is_a_button_that_says_how_the_table_is_sorted()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        await Scene.PlayAsync(stage.Board, DateTimeOffset.UtcNow, Token);
        await stage.OpenAsync("#/hosts");
        ILocator header = stage.Page.GetByRole(AriaRole.Columnheader, new() { Name = "429s" });
        await header.GetByRole(AriaRole.Button).FocusAsync();
        await stage.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "descending");
        await Assertions.Expect(stage.Page.Locator("tbody tr").First).ToContainTextAsync("gitlab.com");
        await Assertions.Expect(stage.Page.Locator("#said")).ToHaveTextAsync("Forge hosts: sorted by 429s, descending");
        await stage.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "ascending");
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Queue" })).Not.ToHaveAttributeAsync("aria-sort", "descending");
    }

    private static async Task WalkToAsync(IPage page, string label)
    {
        for (int step = 0; step < StepsMax; step++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string?>("() => document.activeElement.getAttribute('aria-label')") == label)
            {
                return;
            }
        }

        Assert.Fail($"'{label}' is not reached with Tab.");
    }

    private static async Task<Stop> LookAsync(IPage page) => await page.EvaluateAsync<Stop>("""
        () => {
            const element = document.activeElement;
            const box = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            const isMarked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            return {
                name: element === document.body ? 'body' : element.id ? '#' + element.id : element.tagName + ' ' + (element.getAttribute('aria-label') ?? element.textContent.slice(0, 40)),
                isSeen: isMarked && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
            };
        }
        """);

    private sealed record Stop
    {
        public string Name { get; init; } = "";

        public bool IsSeen { get; init; }
    }
}
