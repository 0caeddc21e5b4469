using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Registry;
using Actors.Grains.Silos;
using Actors.Store.Heads;
using Actors.Store.Schedules;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Actors.Sync.Schedules;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Actors.Grains.Campaigns;

/// <summary>
/// A silo's part in keeping the store fresh: takes what is due from the schedule that all silos share, and visits it as campaigns' repositories
/// are visited, with the same permits and owners. What it took when it dies is due again for the others.
/// </summary>
public sealed partial class SiloWatch
{
    private readonly GrainsParts _parts;
    private readonly SiloGates _gates;
    private readonly RepositoryDirectory _holds;
    private readonly ChunkVisits _visits;
    private readonly SiloTroubles _troubles;
    private readonly ISiloStatusOracle _silos;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly KeptWatch? _kept;
    private volatile DueRun? _run;

    internal SiloWatch(
        GrainsParts parts, SiloGates gates, RepositoryDirectory holds, ChunkVisits visits, SiloTroubles troubles, ISiloStatusOracle silos, TimeProvider clock, ILogger<SiloWatch> log)
    {
        (_parts, _gates, _holds, _visits, _troubles, _silos, _clock, _log) = (parts, gates, holds, visits, troubles, silos, clock, log);
        if (parts.Work is { VisitsADay: { } visitsADay } work)
        {
            IScheduleStore schedule = parts.Heads as IScheduleStore ?? throw new InvalidOperationException("These heads keep no schedule: there is nothing to watch.");
            WatchOptions options = new() { VisitsADay = visitsADay, BatchMax = Limits.DueBatch, LostAfter = work.VisitLease, Counts = false };
            _kept = new KeptWatch(new Watch(schedule, parts.Heads, clock, options), clock, log);
        }
    }

    /// <summary>Is told of pushes, also where this silo visits nothing; null: nothing is watched.</summary>
    public Watch? Watch => _kept?.Watch;

    /// <summary>How this silo's part stands; null: it has none.</summary>
    public WatchView? View => _parts.Work.Works ? _kept?.View : null;

    /// <summary>Turns that are worked.</summary>
    internal IReadOnlyList<ChunkRun> ListTurns() => _run?.ListTurns() ?? [];

    /// <summary>A campaign has visited a repository: it is watched from now on.</summary>
    internal void See(RepositoryUrl url) => _kept?.Watch.See(url);

    /// <summary>Works until it is drained. Throws nothing: our own failures are logged.</summary>
    /// <param name="drain">Begin nothing more; what runs may go on for a while.</param>
    internal async Task RunAsync(CancellationToken drain)
    {
        if (_kept is null || !_parts.Work.Works)
        {
            return;
        }

        using CancellationTokenSource abort = new();
        await using CancellationTokenRegistration onDrain = drain.Register(() => abort.CancelAfter(_parts.Work.DrainTime));
        DueRunOptions options = new()
        {
            TurnsMax = _parts.Work.TurnsMax, JobsOfTurn = _parts.Work.JobsOfChunk, Refuse = _parts.AllowPrivate ? null : ServedUrls.Refuse, Drain = drain,
        };
        try
        {
            await Task.WhenAll(_kept.KeepAsync(_ => RunOnceAsync(_kept, options, abort.Token), drain), AddKnownAsync(_kept.Watch, drain));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // What it had taken is due for others when its time is over.
            LogNotGivenBack(_log, failure);
        }
    }

    private async Task RunOnceAsync(KeptWatch kept, DueRunOptions options, CancellationToken abort)
    {
        using DueRun run = new(kept, _parts.Heads, _gates, _holds, _visits.Of(0, options.Order), options, _clock, _troubles.Add);
        _run = run;
        try
        {
            await run.RunAsync(abort);
        }
        finally
        {
            _run = null;
        }
    }

    /// <summary>The silo that is oldest schedules what the store knows, once: the others need not read all of it too.</summary>
    private async Task AddKnownAsync(Watch watch, CancellationToken drain)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (IsOldest())
                    {
                        await watch.AddKnownAsync(drain);
                        return;
                    }
                }
                catch (IOException failure)
                {
                    LogNotAdded(_log, failure);
                }

                await Task.Delay(Limits.OldestPeriod, _clock, drain);
            }
        }
        catch (OperationCanceledException) when (drain.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private bool IsOldest() => _silos.GetApproximateSiloStatuses(onlyActive: true).Keys.All(silo => Age(silo).CompareTo(Age(_silos.SiloAddress)) >= 0);

    private static (int Generation, string Name) Age(SiloAddress silo) => (silo.Generation, silo.ToParsableString());
}
