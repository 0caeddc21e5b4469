using Actors.Dashboard.Tests.Scenes;
using Actors.Git.Remotes;
using Actors.Store.Schedules;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

/// <summary>Pictures of a busy afternoon. SCREENSHOTS=FOLDER keeps them, to be looked at and for the README.</summary>
public sealed class ScreenshotTests(Chromium chromium)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("overview-light", "#/", 1360, 1060, ColorScheme.Light)]
    [InlineData("overview-dark", "#/", 1360, 1060, ColorScheme.Dark)]
    [InlineData("overview-narrow", "#/", 390, 844, ColorScheme.Light)]
    [InlineData("campaign-dark", "#/campaigns/2", 1360, 900, ColorScheme.Dark)]
    [InlineData("campaign-narrow", "#/campaigns/2", 390, 844, ColorScheme.Dark)]
    [InlineData("hosts-light", "#/hosts", 1360, 800, ColorScheme.Light)]
    public async Task A_busy_afternoon_is_drawn(string name, string hash, int width, int height, ColorScheme scheme)
    {
        await using Stage stage = await Stage.SetAsync(chromium, options: new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        Scene scene = await Scene.PlayAsync(stage.Board, DateTimeOffset.UtcNow, Token);
        await WatchAsync(stage);
        int steps = Folder is null ? 2 : 160;
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

        byte[] picture = await stage.Page.ScreenshotAsync();
        Assert.Equal("PNG"u8, picture.AsSpan(1, 3));
        if (Folder is not null)
        {
            await File.WriteAllBytesAsync(Path.Combine(Folder, name + ".png"), picture, Token);
        }

        stage.AssertClean();
    }

    /// <summary>A schedule that is some hours behind.</summary>
    private static async Task WatchAsync(Stage stage)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await stage.Heads.AddScheduledAsync(
            [
                .. Enumerable.Range(0, 1_840).Select(number => new ScheduledVisit
                {
                    Url = RepositoryUrl.Parse($"https://example.org/{number}"),
                    Queue = number % 40 == 0 ? ScheduleQueue.Failing : ScheduleQueue.Known,
                    DueAt = now.AddHours(number % 48 - 1),
                    ObservedAt = now.AddHours(-number % 60),
                    Shape = 1,
                    ExposureDays = 1 + (number % 30),
                }),
            ],
            Token);
    }

    /// <summary>Half a second of the page's clock, after what happened in it has been told.</summary>
    private static async Task PlayAsync(IPage page, Scene scene)
    {
        scene.Step();
        await page.EvaluateAsync("fetch('/api/v1/campaigns/2').then(() => fetch('/api/v1/campaigns/2'))");
        await page.Clock.RunForAsync(525);
    }
}
