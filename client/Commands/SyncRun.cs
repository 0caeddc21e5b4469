using Actors.Client.Reports;
using Actors.Client.Screens;
using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Store.Heads;
using Actors.Store.Listings;
using Actors.Store.WorldOfCode;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.Web.Clients;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary>One run of <c>actors sync</c>.</summary>
internal sealed partial class SyncRun(Terminal terminal, TimeProvider clock)
{
    public required IReadOnlyList<string> Sources { get; init; }

    public required string StorePath { get; init; }

    /// <summary>Who does it instead of this process; null: this process, on the store.</summary>
    public ApiClientOptions? Cluster { get; init; }

    /// <summary>On a cluster: submit and return.</summary>
    public bool Detach { get; init; }

    public RefSelection Refs { get; init; } = RefSelection.Default;

    public string? ReportPath { get; init; }

    public string? NewObjectsPath { get; init; }

    public int Jobs { get; init; }

    public int PerHost { get; init; }

    /// <summary>Syncs begun a second on one host; 0: no limit.</summary>
    public double Rate { get; init; }

    /// <summary>Settings of forge hosts, or null: the presets.</summary>
    public string? HostsPath { get; init; }

    public bool IncludeParked { get; init; }

    public TimeSpan MaxAge { get; init; }

    public TimeSpan Deadline { get; init; }

    public long PackBytesMax { get; init; }

    public bool Resume { get; init; }

    public bool ObeyRetry { get; init; }

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }

    /// <summary>Runs the campaign, writes report and summary.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (Cluster is { } cluster)
        {
            return await RunOnClusterAsync(cluster, cancellationToken);
        }

        ListSources list = new(Sources, terminal.Input);
        await using WorkingStore store = await WorkingStore.OpenAsync(StorePath, clock, Verbose ? terminal.Error : null, cancellationToken);
        await using IListingStore listings = await StoreFolder.OpenListingsAsync(StorePlace.Of(StorePath), clock, cancellationToken);
        using ReportWriter? report = ReportWriter.Open(ReportPath, terminal.Output, append: Resume);
        await using ObjectListWriter? newObjects = OpenNewObjects();
        using TextReader lines = list.Open();
        CampaignScreen screen = new(terminal, report, clock, Quiet);
        CampaignRequest request = Request(list, lines, newObjects);
        request = request with { Sync = request.Sync with { Listings = listings } };
        if (Resume && report is not null && ReportPath is not "-")
        {
            report.Flush();
            await ReportRecovery.CompleteAsync(report, ReportPath!, store.Heads, request.Key, cancellationToken);
        }

        try
        {
            await store.Engine.RunAsync(request, screen, cancellationToken);
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
        return last.Failed() > 0 ? ExitCode.SomeFailed : ExitCode.AllWell;
    }

    private CampaignRequest Request(ListSources list, TextReader lines, ObjectListWriter? newObjects) => new()
    {
        List = lines,
        Key = $"{list.Key}\nrefs {Refs}",
        Resume = Resume,
        Jobs = Jobs,
        HostLimits = new HostLimits(PerHost, Rate == 0 ? double.PositiveInfinity : Rate),
        HostRules = HostsFile.Read(HostsPath),
        IncludeParked = IncludeParked,
        MaxAge = MaxAge,
        IgnoreRetryTimes = !ObeyRetry,
        Sync = new SyncOptions
        {
            Refs = Refs,
            SyncTimeMax = Deadline,
            PackLimits = PackLimits.Default with { PackBytesMax = PackBytesMax },
            NewObjects = newObjects is null ? null : newObjects.Add,
        },
    };

    private ObjectListWriter? OpenNewObjects()
    {
        try
        {
            return NewObjectsPath is null ? null : ObjectListWriter.Create(NewObjectsPath, append: Resume);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--new-objects: cannot write '{NewObjectsPath}': {e.Message}", e);
        }
    }
}
