using Actors.Dashboard.Tests.Scenes;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

public sealed class AppearanceTests(Chromium chromium)
{
    private static readonly string[] Pages = ["#/", "#/campaigns", "#/campaigns/2", "#/hosts", "#/silos", "#/troubles", "#/repository"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>WCAG 2.2, 1.4.3: 4.5:1, 3:1 for large text; what is switched off does not count.</summary>
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task All_text_has_the_contrast_of_level_AA(ColorScheme scheme)
    {
        await using Stage stage = await Stage.SetAsync(chromium, options: new() { ColorScheme = scheme, ViewportSize = new() { Width = 1440, Height = 900 } });
        await PlayAsync(stage);
        await stage.OpenAsync();
        foreach (string hash in Pages)
        {
            await ShowAsync(stage.Page, hash);
            string[] poor = await stage.Page.EvaluateAsync<string[]>(Contrast);
            Assert.True(poor.Length == 0, $"{hash}, {scheme}: {string.Join("; ", poor)}");
        }

        // A question, too.
        await ShowAsync(stage.Page, "#/campaigns/2");
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(stage.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Assert.Empty(await stage.Page.EvaluateAsync<string[]>(Contrast));
    }

    [Fact]
    public async Task Colours_follow_the_system_until_the_switch_says_otherwise()
    {
        await using Stage stage = await Stage.SetAsync(chromium, options: new() { ColorScheme = ColorScheme.Dark });
        await stage.OpenAsync();
        string dark = await BackgroundAsync(stage.Page);
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        string light = await BackgroundAsync(stage.Page);
        Assert.NotEqual(dark, light);
        await stage.Page.ReloadAsync();
        Assert.Equal(light, await BackgroundAsync(stage.Page));
        await stage.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        Assert.Equal(dark, await BackgroundAsync(stage.Page));
        await stage.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.Equal(light, await BackgroundAsync(stage.Page));
    }

    /// <summary>WCAG 2.2, 1.4.10 and 2.5.8: no scrolling in two directions at 320 px, targets of 24 px.</summary>
    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    [InlineData(768)]
    [InlineData(2200)]
    public async Task Page_fits_every_width_and_its_buttons_are_large_enough(int width)
    {
        await using Stage stage = await Stage.SetAsync(chromium, options: new() { ViewportSize = new() { Width = width, Height = 800 } });
        await PlayAsync(stage);
        await stage.OpenAsync();
        foreach (string hash in Pages)
        {
            await ShowAsync(stage.Page, hash);
            int over = await stage.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth");
            Assert.True(over <= 0, $"{hash} at {width} px is {over} px too wide.");
            string[] small = await stage.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('button, input, select, nav a')].filter((e) => e.offsetParent !== null && !['radio', 'checkbox'].includes(e.type))
                    .filter((e) => e.getBoundingClientRect().height < 24).map((e) => `${e.tagName} ${e.textContent} ${e.getBoundingClientRect().height}`)
                """);
            Assert.True(small.Length == 0, $"{hash} at {width} px: {string.Join("; ", small)}");
        }
    }

    [Fact]
    public async Task Nothing_moves_where_less_motion_is_wished()
    {
        await using Stage stage = await Stage.SetAsync(chromium, options: new() { ReducedMotion = ReducedMotion.Reduce });
        await PlayAsync(stage);
        await stage.OpenAsync("#/campaigns");
        await Assertions.Expect(stage.Page.Locator(".segment").First).ToHaveCSSAsync("transition-property", "none");
        Assert.Equal(0, await stage.Page.EvaluateAsync<int>("document.getAnimations().length"));
    }

    [Fact]
    public async Task Pages_have_one_heading_names_for_all_controls_and_tables_with_captions()
    {
        await using Stage stage = await Stage.SetAsync(chromium);
        await PlayAsync(stage);
        await stage.OpenAsync();
        Assert.Equal("en", await stage.Page.Locator("html").GetAttributeAsync("lang"));
        foreach (string hash in Pages)
        {
            await ShowAsync(stage.Page, hash);
            await Assertions.Expect(stage.Page.Locator("h1")).ToHaveCountAsync(1);
            string[] unnamed = await stage.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('button, a, input, select, table, [role=region]')].filter((e) =>
                    !(e.getAttribute('aria-label') || e.labels?.length || e.caption?.textContent || (!e.matches('input, select, table') && e.textContent.trim()))).map((e) => e.outerHTML.slice(0, 120))
                """);
            Assert.True(unnamed.Length == 0, $"{hash}: {string.Join("; ", unnamed)}");
            Assert.Equal(0, await stage.Page.EvaluateAsync<int>("() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id); return ids.length - new Set(ids).size; }"));
        }

        Assert.True(await stage.Page.Locator(".brand img").EvaluateAsync<bool>("image => image.complete && image.naturalWidth > 0"));
        stage.AssertClean();
    }

    private const string Contrast = """
        () => {
            const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
            const parse = (colour) => {
                canvas.clearRect(0, 0, 1, 1);
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
                return { r, g, b, a: a / 255 };
            };
            const luminance = ({ r, g, b }) => {
                const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * x + 0.7152 * y + 0.0722 * z;
            };
            const behind = (element) => {
                for (let e = element; e !== null; e = e.parentElement) {
                    const colour = parse(getComputedStyle(e).backgroundColor);
                    if (colour.a > 0.99) {
                        return colour;
                    }
                }

                return parse('white');
            };
            const poor = new Set();
            const texts = document.createTreeWalker(document.querySelector('dialog[open]') ?? document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const element = texts.currentNode.parentElement;
                if (!texts.currentNode.data.trim() || !element.checkVisibility({ opacityProperty: true }) || element.closest('.unseen, .skip, option, script, :disabled')) {
                    continue;
                }

                const style = getComputedStyle(element);
                const text = parse(element instanceof SVGElement ? style.fill : style.color);
                const [low, high] = [luminance(text), luminance(behind(element))].sort((a, b) => a - b);
                const ratio = (high + 0.05) / (low + 0.05);
                const size = parseFloat(style.fontSize);
                if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) {
                    poor.add(`${element.className?.baseVal ?? element.className} '${texts.currentNode.data.slice(0, 30)}' ${ratio.toFixed(2)}`);
                }
            }

            return [...poor];
        }
        """;

    private static async Task PlayAsync(Stage stage)
    {
        Scene scene = await Scene.PlayAsync(stage.Board, DateTimeOffset.UtcNow, Token);
        scene.Step();
    }

    private static async Task ShowAsync(IPage page, string hash)
    {
        await page.EvaluateAsync("hash => { location.hash = hash; }", hash);
        await Assertions.Expect(page.Locator(hash == "#/repository" ? "h1, h2" : "main tbody tr").First).ToBeVisibleAsync();
    }

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
