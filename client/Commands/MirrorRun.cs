using Actors.Client.Reports;
using Actors.Client.Screens;
using Actors.Git.Lfs;
using Actors.Git.Packs;
using Actors.Git.Refs;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Mirrors;
using Actors.Sync.Repositories;
using Spectre.Console;

namespace Actors.Client.Commands;

/// <summary>One run of <c>actors mirror</c>.</summary>
internal sealed class MirrorRun(Terminal terminal, TimeProvider clock)
{
    public string? Source { get; init; }

    public string? Target { get; init; }

    public string? PairsPath { get; init; }

    public required string StorePath { get; init; }

    public RefSelection Refs { get; init; } = RefSelection.Default;

    public string? ReportPath { get; init; }

    public int Jobs { get; init; }

    public int PerHost { get; init; }

    public long PackBytesMax { get; init; }

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }

    public MirrorOptions Options { get; init; } = MirrorOptions.Default;

    /// <summary>Runs the campaign, writes report and summary.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<MirrorPair> pairs, int rejected) = ReadPairs();
        await using WorkingStore store = await WorkingStore.OpenAsync(StorePath, clock, Verbose ? terminal.Error : null, cancellationToken);
        await using MirrorTargets targets = new(address => address.Open(settings => settings with { Clock = clock }));
        using ReportWriter? report = OpenReport();
        using MirrorSpool spool = new(Path.Combine(store.WorkFolder, "mirror-spool"));
        using LfsClient lfs = new(WireClient.Options(clock));
        MirrorPublisher publisher = new(store.Objects, store.Heads, spool, clock, new Random((int)clock.GetUtcNow().Ticks), Options, lfs);
        MirrorScreen screen = new(terminal, report, clock, Quiet);
        try
        {
            await new MirrorCampaign(store.Engine, publisher, targets.Open).RunAsync(pairs, Request, screen, cancellationToken);
            screen.End();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.End();
            terminal.Screen.WriteLine("interrupted: mirrors are as they were or up to date; the same command goes on from here");
            return ExitCode.Interrupted;
        }

        screen.WriteSummary();
        return screen.SomeFailed || rejected > 0 ? ExitCode.SomeFailed : ExitCode.AllWell;
    }

    private CampaignRequest Request(TextReader lines) => new()
    {
        List = lines,
        Key = $"mirror {PairsPath ?? Source}\nrefs {Refs}",
        Jobs = Jobs,
        HostLimits = new HostLimits(PerHost, double.PositiveInfinity),
        IgnoreRetryTimes = true,
        Sync = new SyncOptions { Refs = Refs, PackLimits = PackLimits.Default with { PackBytesMax = PackBytesMax } },
    };

    /// <summary>The pairs, and how many lines are none: each is told, none stops the others.</summary>
    private (IReadOnlyList<MirrorPair> Pairs, int Rejected) ReadPairs()
    {
        if (PairsPath is null)
        {
            return Source is not null && Target is not null
                ? ([Checked(Source, Target)], 0)
                : throw new UserErrorException("give a SOURCE and a TARGET, or --pairs FILE");
        }

        if (Source is not null)
        {
            throw new UserErrorException("give either a SOURCE and a TARGET, or --pairs FILE");
        }

        if (PairsPath != "-" && !File.Exists(PairsPath))
        {
            throw new UserErrorException($"--pairs: there is no file '{PairsPath}'");
        }

        using TextReader lines = new ListSources([PairsPath], terminal.Input).Open();
        List<MirrorPair> pairs = [];
        HashSet<string> targets = new(StringComparer.Ordinal);
        int rejected = 0;
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            try
            {
                if (MirrorPair.Parse(line) is { } pair)
                {
                    string? reason = MirrorTargets.Refuse(pair.Target) ?? (targets.Add(pair.Target.TrimEnd('/')) ? null : $"'{pair.Target}' is the target of an earlier line");
                    pairs.Add(reason is null ? pair : throw new FormatException(reason));
                }
            }
            catch (FormatException e)
            {
                rejected++;
                terminal.Error.WriteLine($"{PairsPath}: line {number}: '{CampaignScreen.Printable(line)}' is no pair: {e.Message}");
            }
        }

        return (pairs, rejected);
    }

    private static MirrorPair Checked(string source, string target)
    {
        try
        {
            return MirrorTargets.Refuse(target) is { } reason ? throw new FormatException(reason) : MirrorPair.Of(source, target);
        }
        catch (FormatException e)
        {
            throw new UserErrorException($"'{source}' to '{target}': {e.Message}", e);
        }
    }

    private ReportWriter? OpenReport() => ReportPath switch
    {
        null => null,
        "-" => ReportWriter.ToStream(terminal.Output),
        _ => ReportWriter.ToFile(ReportPath, append: false),
    };
}
