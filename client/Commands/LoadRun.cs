using Actors.Client.Reports;
using Actors.Client.Screens;
using Actors.Loaders.Downloads;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;
using Actors.Store.WorldOfCode;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary>One run of <c>actors load</c>.</summary>
internal sealed class LoadRun(Terminal terminal, TimeProvider clock)
{
    public required IReadOnlyList<string> Packages { get; init; }

    public required string StorePath { get; init; }

    public Era Era { get; init; }

    public string? ReportPath { get; init; }

    public Uri? Registry { get; init; }

    public string? OriginTemplate { get; init; }

    public IReadOnlyList<(string From, string To)> Mirrors { get; init; } = [];

    public string? NewObjectsPath { get; init; }

    public int Jobs { get; init; }

    public int PerHost { get; init; }

    public TimeSpan MaxAge { get; init; }

    public bool Resume { get; init; }

    public bool ObeyRetry { get; init; }

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Runs the campaign, writes report and summary.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        ListSources list = new(Joined(), terminal.Input);
        await using WorkingStore store = await WorkingStore.OpenAsync(StorePath, clock, Verbose ? terminal.Error : null, cancellationToken);
        await using IExtIdStore extIds = await StoreFolder.OpenExtIdsAsync(StorePlace.Of(StorePath), clock, cancellationToken);
        using ReportWriter? report = ReportWriter.Open(ReportPath, terminal.Output, append: Resume);
        await using ObjectListWriter? newObjects = NewObjectsPath is null ? null : StoreFolder.Try(() => ObjectListWriter.Create(NewObjectsPath, append: Resume));
        using RegistryClient client = new(new RegistryClientOptions
        {
            Clock = clock,
            Mirrors = Mirrors,
            FileHosts = new FileHosts(HostRuleBook.Presets, new HostLimits(PerHost, double.PositiveInfinity), clock, new Random((int)clock.GetUtcNow().Ticks)),
        });
        using TextReader lines = list.Open();
        PackageCatalog catalog = new(Places());
        LoadOptions options = new() { Era = Era, NewObjects = newObjects is null ? null : newObjects.Add };
        PackageSync sync = new(catalog, client, store.Objects, store.Heads, extIds, options, clock, store.Logs.CreateLogger<PackageSync>());
        await using IEngine engine = store.EngineOf(sync.RunAsync);
        CampaignScreen screen = new(terminal, report, clock, Quiet, "package");
        CampaignRequest request = Request(list, lines);
        if (Resume && report is not null && ReportPath is not "-")
        {
            report.Flush();
            await ReportRecovery.CompleteAsync(report, ReportPath!, store.Heads, request.Key, cancellationToken);
        }

        try
        {
            await new PackageEngine(engine, sync, catalog).RunAsync(request, screen, cancellationToken);
            screen.End();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.End();
            terminal.Screen.WriteLine("interrupted: what is done is stored; the same command with --resume goes on from here");
            return ExitCode.Interrupted;
        }

        if (screen.Last is not { } last)
        {
            return ExitCode.AllWell;
        }

        CampaignSummary.Write(terminal.Screen, last);
        return last.Failed() > 0 || screen.Rejected > 0 ? ExitCode.SomeFailed : ExitCode.AllWell;
    }

    private CampaignRequest Request(ListSources list, TextReader lines) => new()
    {
        List = lines,
        Key = $"{list.Key}\nload {Era} {Registry}",
        Resume = Resume,
        Jobs = Jobs,
        HostLimits = new HostLimits(PerHost, double.PositiveInfinity),
        MaxAge = MaxAge,
        IgnoreRetryTimes = !ObeyRetry,
    };

    private RegistryPlaces Places()
    {
        Ecosystems ecosystems = new(
            Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "/etc", Environment.CurrentDirectory);
        return new RegistryPlaces { Registry = Registry, OriginTemplate = OriginTemplate, Configured = ecosystems.Find };
    }

    /// <summary>Addresses after an <c>archive:</c> belong to it, as if they stood on its line.</summary>
    private List<string> Joined()
    {
        List<string> joined = [];
        foreach (string argument in Packages)
        {
            bool address = argument.StartsWith("http://", StringComparison.Ordinal) || argument.StartsWith("https://", StringComparison.Ordinal);
            if (address && joined.Count > 0 && joined[^1].StartsWith("archive:", StringComparison.Ordinal))
            {
                joined[^1] += " " + argument;
            }
            else
            {
                joined.Add(argument);
            }
        }

        return joined;
    }
}
