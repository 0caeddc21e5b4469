using Actors.Dashboard.Tests.Scenes;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

/// <summary>Pictures of a busy afternoon. SCREENSHOTS=FOLDER keeps them, to be looked at and for the README.</summary>
public sealed class ScreenshotTests(Chromium chromium)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    /// <summary>Pages from here in place of the embedded ones, while they are worked on.</summary>
    private static readonly string? Sources = Environment.GetEnvironmentVariable("DASHBOARD_SOURCES");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("overview-light", "#/", 1440, 1320, ColorScheme.Light)]
    [InlineData("overview-dark", "#/", 1440, 1320, ColorScheme.Dark)]
    [InlineData("overview-narrow", "#/", 390, 1600, ColorScheme.Light)]
    [InlineData("campaign-dark", "#/campaigns/2", 1440, 1150, ColorScheme.Dark)]
    [InlineData("campaign-narrow", "#/campaigns/2", 390, 1400, ColorScheme.Dark)]
    [InlineData("hosts-light", "#/hosts", 1440, 1100, ColorScheme.Light)]
    public async Task A_busy_afternoon_is_drawn(string name, string hash, int width, int height, ColorScheme scheme)
    {
        await using Stage stage = await Stage.SetAsync(chromium, options: new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await ServeSourcesAsync(stage.Page);
        Scene scene = await Scene.PlayAsync(stage.Board, DateTimeOffset.UtcNow, Token);
        int steps = Folder is null ? 6 : 160;
        await stage.Page.Clock.InstallAsync(new() { TimeDate = DateTime.UtcNow });
        await stage.OpenAsync(hash);
        for (int i = 0; i < steps; i++)
        {
            for (int quarter = 0; quarter < 3; quarter++)
            {
                await PlayAsync(stage.Page, scene);
            }

            Task<IResponse> answered = stage.Page.WaitForResponseAsync(response => response.Url.Contains("/campaigns?", StringComparison.Ordinal));
            await PlayAsync(stage.Page, scene);
            await answered;
        }

        byte[] picture = await stage.Page.ScreenshotAsync(new() { FullPage = Folder is not null });
        Assert.Equal("PNG"u8, picture.AsSpan(1, 3));
        if (Folder is not null)
        {
            await File.WriteAllBytesAsync(Path.Combine(Folder, name + ".png"), picture, Token);
        }

        stage.AssertClean();
    }

    /// <summary>Half a second of the page's clock, after what happened in it has been told.</summary>
    private static async Task PlayAsync(IPage page, Scene scene)
    {
        scene.Step();
        await page.EvaluateAsync("fetch('/api/v1')");
        await page.Clock.RunForAsync(525);
    }

    private static async Task ServeSourcesAsync(IPage page)
    {
        if (Sources is null)
        {
            return;
        }

        await page.RouteAsync("**/dashboard/**", route =>
        {
            string path = new Uri(route.Request.Url).AbsolutePath["/dashboard/".Length..];
            return route.FulfillAsync(new() { Path = Path.Combine(Sources, path.Length == 0 ? "index.html" : path) });
        });
    }
}
