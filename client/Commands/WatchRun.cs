using Actors.Client.Reports;
using Actors.Client.Screens;
using Actors.Store.Listings;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;
using Actors.Web.Webhooks;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary>One run of <c>actors watch</c>.</summary>
internal sealed class WatchRun(Terminal terminal, TimeProvider clock)
{
    public required IReadOnlyList<string> Sources { get; init; }

    public required string StorePath { get; init; }

    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Where pushes are received, or null.</summary>
    public string? Webhooks { get; init; }

    public string? SecretPath { get; init; }

    public double VisitsADay { get; init; } = 1;

    public bool Once { get; init; }

    public string? ReportPath { get; init; }

    public int Jobs { get; init; } = 64;

    public int PerHost { get; init; } = HostLimits.Default.Concurrency;

    public string? HostsPath { get; init; }

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }

    /// <returns>The exit code: stopped by Ctrl-C is how it ends, and so all is well.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        HostRuleBook rules = HostsFile.Read(HostsPath);
        PushListener? pushes = PushListener.Of(Webhooks, SecretPath);
        await using WorkingStore store = await WorkingStore.OpenAsync(StorePath, clock, Verbose ? terminal.Error : null, cancellationToken);
        await using IListingStore listings = await StoreFolder.OpenListingsAsync(StorePlace.Of(StorePath), clock, cancellationToken);
        using ReportWriter? report = ReportWriter.Open(ReportPath, terminal.Output, append: true);
        IScheduleStore schedule = (IScheduleStore)store.Heads;
        Watch watch = new(schedule, store.Heads, clock, new WatchOptions { VisitsADay = VisitsADay, Once = Once });
        CampaignScreen screen = new(terminal, report, clock, Quiet) { Footer = () => Footer(watch.Figures) };
        try
        {
            await using WebhookServer? server = await ListenAsync(pushes, watch, screen, cancellationToken);
            await ScheduleAsync(watch, screen, cancellationToken);
            await watch.RunAsync(
                store.Engine,
                new CampaignRequest
                {
                    List = TextReader.Null,
                    Key = "watch",
                    Jobs = Jobs,
                    HostLimits = new HostLimits(PerHost, double.PositiveInfinity),
                    HostRules = rules,
                    Sync = new SyncOptions { Listings = listings },
                },
                screen, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ends below, like one that had nothing left to do.
        }

        screen.End();
        if (screen.Last is { } last && !Quiet)
        {
            CampaignSummary.Write(terminal.Screen, last);
        }

        WatchFigures figures = await WatchFigures.ReadAsync(schedule, clock.GetUtcNow(), CancellationToken.None);
        terminal.Screen.WriteLine(Footer(figures) ?? "nothing is scheduled");
        return ExitCode.AllWell;
    }

    /// <summary>What is scheduled, for a person; null when nothing is.</summary>
    internal static string? Footer(WatchFigures figures) => figures.Repositories == 0 ? null
        : $"lag {Lag(figures.Lag.MeanDays)} on average, nine of ten below {Lag(figures.Lag.NinetiethDays)}; "
            + $"{Quantities.Count(figures.Repositories)} scheduled, {Quantities.Count(figures.Due)} due";

    private static string Lag(double days) => Quantities.Duration(TimeSpan.FromDays(days));

    private async Task<WebhookServer?> ListenAsync(PushListener? pushes, Watch watch, CampaignScreen screen, CancellationToken cancellationToken)
    {
        if (pushes is null)
        {
            return null;
        }

        WebhookServer server = await pushes.StartAsync(watch, clock, cancellationToken);
        screen.Say($"pushes are received at {server.Address}webhooks");
        return server;
    }

    private async Task ScheduleAsync(Watch watch, CampaignScreen screen, CancellationToken cancellationToken)
    {
        // Lists first: the schedule asks the store about each of their repositories, too.
        if (Sources.Count > 0)
        {
            using TextReader list = new ListSources(Sources, terminal.Input).Open();
            (long repositories, long rejected) = await watch.AddAsync(list, cancellationToken);
            screen.Say($"{Quantities.Count(repositories)} repositories listed{(rejected > 0 ? $", {Quantities.Count(rejected)} lines name none" : "")}");
        }

        await watch.AddKnownAsync(cancellationToken);
        foreach (string file in Events)
        {
            screen.Say(await TellAsync(watch, file, cancellationToken));
        }
    }

    private static async Task<string> TellAsync(Watch watch, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
            long changes = 0, known = 0;
            await foreach (ToldChange[] some in EventArchive.ReadAsync(stream, cancellationToken).Chunk(1000).WithCancellation(cancellationToken))
            {
                changes += some.Length;
                known += await watch.TellAsync(some, cancellationToken);
            }

            return $"{file}: {Quantities.Count(changes)} changes told, {Quantities.Count(known)} of scheduled repositories";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UserErrorException($"--events: cannot read '{file}': {e.Message}", e);
        }
    }
}
