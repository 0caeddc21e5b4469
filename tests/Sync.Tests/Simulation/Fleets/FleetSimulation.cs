using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Actors.Sync.Tests.Engines;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>
/// Campaigns over forges that throttle, stall, move and lie, on one thread and from one seed: engine, host policies, ladder and outcomes are ours; clock,
/// forges, stores, faults, changes, interruptions and ends of the process are the simulation's. Checked after each step: no host sees more visits than it
/// permits or any while it was told to be silent; the store is closed; no head is committed whose object is not stored; one visit at a time to a
/// repository; every outcome is true. Then the faults stop, and all must converge.
/// </summary>
internal sealed class FleetSimulation : IAsyncDisposable
{
    private const int StepsMax = 20_000_000;
    private const int HealthyRoundsMax = 6;

    private readonly FleetOptions _options;
    private readonly Random _random;
    private readonly FleetWorld _world;
    private readonly FleetStore _store;
    private readonly FleetGit _git;
    private readonly MemoryHeadStore _memory = new();
    private readonly SlowHeadStore _heads;
    private readonly HostLimits _limits;
    private readonly string _spoolFolder;
    private readonly string _list;
    private ManualTimeProvider _clock = new();

    public FleetSimulation(FleetOptions options, int seed, string spoolFolder)
    {
        (_options, _spoolFolder, _random) = (options, spoolFolder, new Random(seed));
        _limits = new HostLimits(_random.Next(1, 9), _random.Next(3) == 0 ? _random.Next(2, 30) : double.PositiveInfinity);
        _world = new FleetWorld(options, seed, _clock.GetUtcNow());
        _store = new FleetStore(_random);
        _git = new FleetGit(_world, _store, options, _random);
        _heads = new SlowHeadStore(_memory, _random);
        _list = string.Join('\n', _world.List.Select(name => name.Url));
    }

    public int Repositories => _world.List.Count;

    /// <summary>Requests that hosts refused as too many.</summary>
    public long Refused => _world.Hosts.Values.Sum(host => host.Script.Limiter?.Refused ?? 0);

    /// <summary>The time of its clock.</summary>
    public DateTimeOffset Ended => _clock.GetUtcNow();

    /// <summary>Visits that ended so far.</summary>
    public long Visits { get; private set; }

    /// <summary>Visits so far, by outcome.</summary>
    public Dictionary<Outcome, long> Outcomes { get; } = [];

    /// <summary>Campaigns while things go wrong, until so much time of the simulation has passed (at least one), then in peace; checks all.</summary>
    public void Run(TimeSpan time = default)
    {
        DateTimeOffset end = _clock.GetUtcNow() + time;
        do
        {
            RunInterrupted();
        }
        while (_clock.GetUtcNow() < end);

        // Faults stop: all converge. Limits and unspoken bans stay, so that some rounds may be needed; what was once known as it is remains so.
        _git.Healthy = true;
        foreach (FleetHost host in _world.Hosts.Values)
        {
            host.Script.Healthy = true;
        }

        List<FleetName> left = [.. _world.List];
        for (int round = 0; round < HealthyRoundsMax && left.Count > 0; round++)
        {
            _clock.Advance(TimeSpan.FromHours(2));
            CampaignState campaign = Drive(BeginAsync(new RecordingObserver(), resume: false, CancellationToken.None), null)!;
            Assert.Equal(Repositories, campaign.Outcomes.Sum());
            left.RemoveAll(IsKnown);
        }

        Assert.True(left.Count == 0, $"after {HealthyRoundsMax} rounds in peace {Describe(left)}");
        CheckStore();
    }

    public ValueTask DisposeAsync() => _heads.DisposeAsync();

    /// <summary>One campaign to its end, over interruptions and crashes.</summary>
    private void RunInterrupted()
    {
        CampaignState? campaign = null;
        HashSet<RepositoryUrl> reported = [];
        for (bool resume = false; campaign is null; resume = true)
        {
            using CancellationTokenSource cancel = new();
            RecordingObserver observer = new() { OnReport = report => Assert.True(reported.Add(report.Url), $"{report.Url} is reported twice") };
            Task<CampaignState> run = BeginAsync(observer, resume, cancel.Token);
            int stepsToInterrupt = _random.NextDouble() < _options.InterruptedShare ? _random.Next(1, 40 * Repositories) : int.MaxValue;
            bool crash = _random.Next(2) == 0;
            campaign = Drive(run, step => step == stepsToInterrupt && Interrupt(crash, cancel));
            if (campaign is null && !run.IsCompleted)
            {
                DropEngine();
            }
        }

        // None lost, none twice: a crash may only have kept a report from being heard.
        foreach (FleetName name in _world.List)
        {
            Assert.Equal(1, _memory.ListVisitsAsync(name.Url, CancellationToken.None).ToBlockingEnumerable().Count(visit => visit.Campaign == campaign.Id));
            Assert.Null(name.Visit);
        }

        Assert.True(_clock.NextTimer is null, "Something goes on ticking after the campaign has ended.");
    }

    private static bool Interrupt(bool crash, CancellationTokenSource cancel)
    {
        if (!crash)
        {
            cancel.Cancel();
        }

        return crash;
    }

    /// <summary>Its clock stands still from now on, so it does nothing more; what it had not saved is lost, its knowledge of silence too.</summary>
    private void DropEngine()
    {
        _clock = new ManualTimeProvider(_clock.GetUtcNow());
        Dictionary<ForgeHost, DateTimeOffset?> saved = _memory.ListForgeHostsAsync(CancellationToken.None).ToBlockingEnumerable().ToDictionary(s => s.Host, s => s.SilentUntil);
        foreach (FleetHost host in _world.Hosts.Values)
        {
            host.Forget(saved.GetValueOrDefault(host.Name) ?? DateTimeOffset.MinValue);
        }

        foreach (FleetName name in _world.List)
        {
            name.Visit = null;
        }
    }

    private Task<CampaignState> BeginAsync(ICampaignObserver observer, bool resume, CancellationToken cancellationToken)
    {
        (_git.Clock, _heads.Clock, _store.Clock) = (_clock, _clock, _clock);
        RepositorySync sync = new(_git, _store, _heads, _clock, NullLogger<RepositorySync>.Instance);
        LocalEngineOptions options = new() { SpoolFolder = _spoolFolder, Inline = true, WaitingMax = 400, WaitingPerHostMax = 60, ReadAhead = 64, Grace = TimeSpan.FromSeconds(_random.Next(0, 20)) };
        LocalEngine engine = new(
            how => (url, known, cancellation) => VisitAsync(how, url, known, cancellation), null, _git.Profiles, _heads, _clock, _random, NullLoggerFactory.Instance, options,
            async (url, cancellation) => (await _git.ProbeAsync(url, Git.Refs.RefSelection.Default, cancellation)).Failure);
        CampaignRequest request = new()
        {
            List = new StringReader(_list), Key = "list", Resume = resume, Jobs = _options.Jobs, HostLimits = _limits, IgnoreRetryTimes = true, IncludeParked = true,
        };
        return engine.RunAsync(request, observer, cancellationToken);

        async Task<SyncResult> VisitAsync(SyncOptions how, RepositoryUrl url, RepositoryState? known, CancellationToken cancellation)
        {
            FleetName name = _world.Find(url)!;
            Assert.True(name.Visit is null, $"{url} is visited twice at once");
            FleetVisit visit = name.Visit = new FleetVisit(_clock.GetUtcNow());
            name.Host.Begin(_limits, visit.BegunAt);
            try
            {
                SyncResult result = await sync.RunAsync(url, known, how, cancellation);
                Check(name, visit, known, result);
                return result;
            }
            finally
            {
                (name.Visit, visit.IsOver) = (null, true);
                name.Host.End();
            }
        }
    }

    /// <summary>The outcome is true: the heads are what the forge showed meanwhile, and stored; a failure is what befell the visit.</summary>
    private void Check(FleetName name, FleetVisit visit, RepositoryState? known, SyncResult result)
    {
        Visits++;
        Outcome outcome = result.Report.Outcome;
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
        Assert.True(_store.Broken is null, _store.Broken);
        if (!outcome.IsSuccess())
        {
            Assert.True(result.Report.Fault != Fault.Ours, $"{name.Url}: {result.Report.Error}");
            Assert.True(visit.MayEnd(outcome), $"{name.Url} ended as {outcome.ToName()} ({result.Report.Error}), and nothing of the kind befell it");
            Assert.True(outcome != Outcome.Gone || name.MayHaveBeenGone(visit.BegunAt), $"{name.Url} was there");
            return;
        }

        SnapshotId heads = result.Visit.NewSnapshot?.Id ?? known!.Snapshot!.Value;
        Assert.True(name.MayHaveShown(heads, visit.BegunAt), $"{name.Url} ended as {outcome.ToName()} with heads that it did not show since {visit.BegunAt:O}");
        foreach (SnapshotBranch branch in result.Visit.NewSnapshot?.Branches ?? [])
        {
            Assert.True(branch.Oid.IsZero || _store.Has(branch.Oid), $"{name.Url}: the head {branch.Name} is ahead of its object");
        }
    }

    /// <summary>Moves the clock until the run ends; null: interrupted.</summary>
    private CampaignState? Drive(Task<CampaignState> run, Func<int, bool>? interrupt)
    {
        for (int step = 0; !run.IsCompleted; step++)
        {
            if (interrupt?.Invoke(step) == true)
            {
                return null;
            }

            if (!_git.Healthy && _random.NextDouble() < _options.ChangeShare)
            {
                _world.Change(_clock.GetUtcNow());
            }

            Assert.True(_clock.AdvanceToNextTimer() || run.IsCompleted, "Nothing will ever happen again.");
            Assert.True(step < StepsMax, "It does not end.");
        }

        return run.IsCanceled ? null : run.GetAwaiter().GetResult();
    }

    /// <summary>The heads are what the forge shows; or it is gone, and was told so.</summary>
    private bool IsKnown(FleetName name)
    {
        RepositoryState state = _memory.FindAsync([name.Url], CancellationToken.None).AsTask().GetAwaiter().GetResult()[0]!;
        return name.Resolve().Now.Refs is { } refs ? state.Snapshot == refs.Snapshot : state.Outcome == Outcome.Gone;
    }

    private string Describe(IReadOnlyList<FleetName> left) => string.Join("; ", left.Take(3).Select(name =>
    {
        RepositoryState state = _memory.FindAsync([name.Url], CancellationToken.None).AsTask().GetAwaiter().GetResult()[0]!;
        Visit last = _memory.ListVisitsAsync(name.Url, CancellationToken.None).ToBlockingEnumerable().First();
        return $"{name.Url} is {state.Outcome.ToName()} ({last.Error}) though {(name.Resolve().Now.Refs is null ? "gone" : "there")}; its host is {name.Host.Accent}, bears {name.Host.Script.Limiter?.Limit}";
    }));

    /// <summary>Of all that heads ever pointed to nothing is missing, however deep.</summary>
    private void CheckStore()
    {
        foreach (Oid oid in FleetHistories.References.Keys.Where(_store.Has))
        {
            Assert.All(FleetHistories.References[oid], reference => Assert.True(_store.Has(reference.Oid), $"{oid} lacks {reference.Oid}"));
        }

        foreach (RepositoryState state in _memory.ListAsync(CancellationToken.None).ToBlockingEnumerable())
        {
            Snapshot? heads = state.Snapshot is { } id ? _memory.ReadSnapshotAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult() : null;
            Assert.All(heads?.Branches ?? [], branch => Assert.True(branch.Oid.IsZero || _store.Has(branch.Oid), $"{state.Url}: the head {branch.Name} is ahead of its object"));
        }
    }
}
