using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>A board on one thread: clock, forges and crashes are the test's. A crash stops the clock of the board that is dropped, so it does nothing more.</summary>
internal sealed class BoardBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<LocalBoard> _boards = [];

    public BoardBed()
    {
        // With a context, continuations go to other threads.
        SynchronizationContext.SetSynchronizationContext(null);
    }

    public MemoryHeadStore Heads { get; } = new();

    public ManualTimeProvider Clock { get; private set; } = new();

    public LocalBoard Board => _boards[^1];

    public string Folder => _folder["campaigns"];

    public HostLimits Limits { get; init; } = new(2, double.PositiveInfinity);

    public int RunsMax { get; init; } = 4;

    public Func<RepositoryUrl, string?>? Refuse { get; init; }

    /// <summary>URLs in the order in which they were asked for.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Asked for now.</summary>
    public List<string> Running { get; } = [];

    /// <summary>How long a sync takes.</summary>
    public TimeSpan SyncTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Fails a sync.</summary>
    public Func<RepositoryUrl, RemoteFailure?> Fail { get; set; } = _ => null;

    /// <summary>Called between steps that must survive a crash.</summary>
    public Func<string, Task>? AtStep { get; set; }

    public async Task<LocalBoard> OpenAsync()
    {
        ManualTimeProvider clock = Clock;
        LocalEngine engine = new(
            _ => (url, known, cancellation) => SyncAsync(url, known, clock, cancellation), null, new ServerProfiles(), Heads, clock, new Random(1), NullLoggerFactory.Instance,
            new LocalEngineOptions { SpoolFolder = _folder["spool"], Inline = true, ReadAhead = 8 });
        LocalBoard board = await LocalBoard.OpenAsync(
            engine, Heads, clock, NullLoggerFactory.Instance,
            new LocalBoardOptions
            {
                Folder = Folder,
                Jobs = 8,
                HostLimits = Limits,
                HostRules = new HostRuleBook(new Dictionary<string, HostRules>(), HostRules.Open(Limits)),
                RunsMax = RunsMax,
                Refuse = Refuse,
                Version = "1.2",
                AtStep = step => AtStep?.Invoke(step) ?? Task.CompletedTask,
            },
            CancellationToken.None);
        _boards.Add(board);
        return board;
    }

    /// <summary>The board's process is gone; another begins.</summary>
    public Task<LocalBoard> CrashAsync()
    {
        Clock = new ManualTimeProvider(Clock.GetUtcNow());
        Running.Clear();
        AtStep = null;
        return OpenAsync();
    }

    public Task<CampaignId> SubmitAsync(string list, string name = "", int priority = 0) =>
        Board.SubmitAsync(new CampaignOrder { Name = name, Priority = priority }, new MemoryStream(Encoding.UTF8.GetBytes(list)), CancellationToken.None);

    /// <summary>Moves the clock from timer to timer until something holds.</summary>
    public void Drive(Func<bool> until)
    {
        for (int step = 0; !until(); step++)
        {
            Assert.True(Clock.AdvanceToNextTimer() || until(), "Nothing will ever happen again.");
            Assert.True(step < 1_000_000, "It does not end.");
        }
    }

    public void DriveToEnd(params CampaignId[] campaigns) => Drive(() => campaigns.All(id => View(id).Phase is CampaignPhase.Done));

    public CampaignView View(CampaignId id) => Board.FindAsync(id, CancellationToken.None).GetAwaiter().GetResult()!;

    public List<ReportLine> Report(CampaignId id, long after = 0) => [.. Board.ReadReportAsync(id, after, follow: false, CancellationToken.None).ToBlockingEnumerable()];

    public int Visits(string url, CampaignId campaign) =>
        Heads.ListVisitsAsync(RepositoryUrl.Parse(url), CancellationToken.None).ToBlockingEnumerable().Count(visit => visit.Campaign == campaign);

    public async ValueTask DisposeAsync()
    {
        AtStep = null;
        ValueTask closing = Board.DisposeAsync();
        while (!closing.IsCompleted)
        {
            Clock.AdvanceToNextTimer();
        }

        await closing;
        await Heads.DisposeAsync();
        _folder.Dispose();
    }

    public static string Urls(string host, int count, int from = 0) => string.Concat(Enumerable.Range(from, count).Select(number => $"https://{host}/{number}\n"));

    private async Task<SyncResult> SyncAsync(RepositoryUrl url, RepositoryState? known, ManualTimeProvider clock, CancellationToken cancellationToken)
    {
        Assert.DoesNotContain(url.ToString(), Running);
        Asked.Add(url.ToString());
        Running.Add(url.ToString());
        DateTimeOffset startedAt = clock.GetUtcNow();
        try
        {
            await Task.Delay(SyncTime, clock, cancellationToken);
        }
        finally
        {
            Running.Remove(url.ToString());
        }

        RemoteFailure? failure = Fail(url);
        Outcome outcome = failure is null ? known?.SucceededAt is null ? Outcome.New : Outcome.Unchanged : failure.Kind == RemoteFailureKind.Throttled ? Outcome.Throttled : Outcome.Gone;
        SyncReport report = new() { Url = url, Outcome = outcome, Requests = 1, Objects = 2, BytesReceived = 3, CloneBytes = 10, ElapsedMs = 7, Error = failure?.Message };
        Visit visit = new()
        {
            Url = url,
            StartedAt = startedAt,
            Outcome = outcome,
            Error = failure?.Message,
            NewSnapshot = outcome == Outcome.New ? Snapshot.Empty : null,
        };
        return new SyncResult(report, visit, failure);
    }
}
