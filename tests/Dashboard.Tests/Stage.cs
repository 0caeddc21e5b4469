using System.Collections.Concurrent;
using System.Net;
using Actors.Dashboard.Tests.Scenes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Web.Access;
using Actors.Web.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

/// <summary>A real server over a board that the test moves, and a page of a fresh browser context that looks at it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Pages from here in place of the embedded ones, while they are worked on: DASHBOARD_SOURCES=src/Web/Dashboard.</summary>
    private static readonly string? Sources = Environment.GetEnvironmentVariable("DASHBOARD_SOURCES");

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private WebServer? _server;

    private Stage(Uri address, IBrowserContext context, IPage page) => (Address, Context, Page) = (address, context, page);

    public Uri Address { get; private set; }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public SceneBoard Board { get; } = new(TimeProvider.System);

    public MemoryHeadStore Heads { get; } = new();

    public MemoryObjectStore Objects { get; } = new();

    /// <summary>URLs that the page asked for.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    private AccessTokens Tokens { get; init; } = AccessTokens.None;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Stage> SetAsync(Chromium chromium, AccessTokens? tokens = null, BrowserNewContextOptions? options = null)
    {
        IBrowser browser = chromium.Browser;
        options ??= new() { ViewportSize = new() { Width = 1440, Height = 900 } };
        options.Locale = "en-GB";
        options.TimezoneId = "UTC";
        IBrowserContext context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(30_000);
        Stage stage = new(new Uri("http://127.0.0.1/"), context, await context.NewPageAsync()) { Tokens = tokens ?? AccessTokens.None };
        stage.Page.Request += (_, request) => stage._requests.Enqueue(request.Url);
        stage.Page.Console += (_, message) => stage.Complain(message);
        stage.Page.PageError += (_, error) => stage._complaints.Enqueue(error);
        await stage.ServeAsync(0);
        await stage.ServeSourcesAsync();
        return stage;
    }

    /// <summary>Serves again, at the address from before.</summary>
    public Task ServeAgainAsync() => ServeAsync(Address.Port);

    public async Task StopServingAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }

    /// <summary>Opens a page: the part of the address after '#'.</summary>
    public async Task OpenAsync(string hash = "#/")
    {
        await Page.GotoAsync($"{Address}dashboard/{hash}");
        await Assertions.Expect(Page.Locator("#pulse-text")).ToHaveTextAsync("Live");
    }

    public async Task<CampaignId> SubmitAsync(string name, int lines = 100)
    {
        using MemoryStream list = new("https://example.org/a\n"u8.ToArray());
        CampaignId id = await Board.SubmitAsync(new CampaignOrder { Name = name }, list, Token);
        Board.Change(id, view => view with { Lines = lines, Progress = view.Progress with { LinesRead = lines, Repositories = lines } });
        return id;
    }

    /// <summary>So many syncs of the campaign have ended so.</summary>
    public void End(CampaignId id, Outcome outcome, long count) => Board.Change(id, view =>
    {
        long[] outcomes = [.. view.Progress.Outcomes];
        outcomes[(int)outcome] = count;
        return view with { Progress = view.Progress with { Outcomes = outcomes } };
    });

    /// <summary>Nothing was complained of (console, errors, policy), and nothing was asked of another origin.</summary>
    public void AssertClean()
    {
        Assert.Empty(_complaints);
        Assert.NotEmpty(_requests);
        Assert.All(_requests, url => Assert.True(url.StartsWith(Address.ToString(), StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
    }

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        await StopServingAsync();
        await Board.DisposeAsync();
    }

    private async Task ServeAsync(int port)
    {
        WebServerOptions options = new() { Bindings = [new WebBinding(new IPEndPoint(IPAddress.Loopback, port))], Tokens = Tokens, Version = "1.2.3" };
        _server = await WebServer.StartAsync(options, new WebEngine(Board, Objects, Heads), TimeProvider.System, NullLoggerFactory.Instance, Token);
        Address = _server.Addresses[0];
    }

    private async Task ServeSourcesAsync()
    {
        if (Sources is null)
        {
            return;
        }

        await Page.RouteAsync("**/dashboard/**", async route =>
        {
            string path = new Uri(route.Request.Url).AbsolutePath["/dashboard/".Length..];
            await route.FulfillAsync(new() { Response = await route.FetchAsync(), Path = Path.Combine(Sources, path.Length == 0 ? "index.html" : path), ContentType = path.EndsWith(".svg", StringComparison.Ordinal) ? "image/svg+xml" : null });
        });
    }

    private void Complain(IConsoleMessage message)
    {
        if (message.Type is "error" or "warning")
        {
            _complaints.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
        }
    }
}
