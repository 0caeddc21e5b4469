using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

/// <summary>The system's Chromium, started once for all tests of the assembly.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _missing = "";

    /// <summary>The browser; skips the test where there is none.</summary>
    public IBrowser Browser
    {
        get
        {
            Assert.SkipWhen(_browser is null, _missing);
            return _browser!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        string? program = Places.FirstOrDefault(File.Exists);
        if (program is null)
        {
            _missing = "Chromium is missing: install the package 'chromium'.";
            return;
        }

        try
        {
            // How long something that is to appear is waited for: on a busy machine, too.
            Assertions.SetDefaultExpectTimeout(30_000);
            _playwright = await Playwright.CreateAsync();
            // Its own sandbox needs rights that containers and root do not have; the pages are ours.
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
        }
        catch (PlaywrightException e)
        {
            _missing = $"Chromium does not start here: {e.Message.Split('\n')[0]}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
