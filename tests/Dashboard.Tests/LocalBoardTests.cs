using System.Net;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.Web.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Xunit;

namespace Actors.Dashboard.Tests;

/// <summary>The page over the board of one process; its visits end when the test lets them.</summary>
public sealed class LocalBoardTests(Chromium chromium) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Campaign_of_a_real_board_is_followed_braked_and_seen_to_its_end()
    {
        using TemporaryFolder folder = new();
        await using MemoryHeadStore heads = new();
        await using MemoryObjectStore objects = new();
        HostLimits limits = new(8, double.PositiveInfinity);
        LocalEngine engine = new(VisitAsync, objects, heads, TimeProvider.System, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = folder["spool"] });
        await using LocalBoard board = await LocalBoard.OpenAsync(
            engine, heads, TimeProvider.System, NullLoggerFactory.Instance,
            new LocalBoardOptions { Folder = folder["campaigns"], HostLimits = limits, HostRules = new HostRuleBook(new Dictionary<string, HostRules>(), HostRules.Open(limits)) }, Token);
        await using WebServer server = await WebServer.StartAsync(
            new WebServerOptions { Bindings = [new WebBinding(new IPEndPoint(IPAddress.Loopback, 0))] }, new WebEngine(board, objects, heads), TimeProvider.System, NullLoggerFactory.Instance, Token);
        using MemoryStream list = new("https://one.example/a\nhttps://one.example/b\nhttps://\nhttps://two.example/c\n"u8.ToArray());
        CampaignId id = await board.SubmitAsync(new CampaignOrder { Name = "nightly" }, list, Token);

        await using IBrowserContext context = await chromium.Browser.NewContextAsync();
        IPage page = await context.NewPageAsync();
        await page.GotoAsync($"{server.Addresses[0]}dashboard/#/campaigns/{id}");
        await Assertions.Expect(page.Locator(".bar-text")).ToContainTextAsync("of 4 lines");

        await page.EvaluateAsync("() => { location.hash = '#/hosts'; }");
        ILocator row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "one.example" });
        await Assertions.Expect(row).ToContainTextAsync("2 / ");
        await row.GetByRole(AriaRole.Button, new() { Name = "Brake one.example" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Brake", Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Braked");
        Assert.NotNull((await board.ListHostsAsync(Token)).Single(host => host.Host.ToString() == "one.example").BrakedUntil);

        await row.GetByRole(AriaRole.Button, new() { Name = "Lift the brake of one.example" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Lift the brake" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Working");

        await page.EvaluateAsync("id => { location.hash = '#/campaigns/' + id; }", id.Number);
        await Assertions.Expect(page.Locator(".page-head .chip")).ToHaveTextAsync("Running");
        _gate.Release(3);
        await Assertions.Expect(page.Locator(".page-head .chip")).ToHaveTextAsync("Done");
        await Assertions.Expect(page.Locator(".bar-text")).ToContainTextAsync("4 of 4 lines");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Outcomes so far" })).ToContainTextAsync("empty3");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Last lines of the report" }).Locator("tbody tr")).ToHaveCountAsync(4);
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Last lines of the report" })).ToContainTextAsync("line 3: ");
    }

    private async Task<SyncResult> VisitAsync(RepositoryUrl url, RepositoryState? known, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new SyncResult(
            new SyncReport { Url = url, Outcome = Outcome.Empty, Requests = 1, ElapsedMs = 5 },
            new Visit { Url = url, StartedAt = DateTimeOffset.UtcNow, Outcome = Outcome.Empty, NewSnapshot = Snapshot.Empty },
            null);
    }
}
