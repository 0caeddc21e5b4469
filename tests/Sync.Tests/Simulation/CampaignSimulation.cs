using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Tests.Engines;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// A whole campaign on one thread: list, engine and head store are ours, clock, forges, faults and crashes come from a seed.
/// The driver moves the clock from timer to timer; between two of them it may cancel the campaign or drop the engine.
/// </summary>
internal sealed class CampaignSimulation : IAsyncDisposable
{
    private const int StepsMax = 2_000_000;

    private readonly Random _random;
    private readonly SimulatedForges _forges;
    private readonly MemoryHeadStore _memory = new();
    private readonly SlowHeadStore _heads;
    private readonly HostLimits _limits;
    private readonly List<string> _lines = [];
    private readonly HashSet<RepositoryUrl> _urls = [];
    private readonly List<long> _rubbish = [];
    private readonly string _spoolFolder;
    private ManualTimeProvider _clock = new();
    private bool _crashed;

    public CampaignSimulation(int seed, string spoolFolder)
    {
        (_random, _spoolFolder) = (new Random(seed), spoolFolder);
        _limits = new HostLimits(_random.Next(1, 6), _random.Next(3) == 0 ? _random.Next(1, 30) : double.PositiveInfinity);
        _forges = new SimulatedForges(_limits, _random);
        _heads = new SlowHeadStore(_memory, _random);
        MakeForges();
    }

    /// <summary>Runs a campaign through faults, cancellations and crashes to its end, then a healthy one; checks all.</summary>
    public void Run()
    {
        CampaignState campaign = RunInterrupted();
        Assert.Equal(_lines.Count, campaign.LinesDone);
        Assert.NotNull(campaign.EndedAt);
        foreach (RepositoryUrl url in _urls)
        {
            Assert.Equal(1, Visits(url).Count(v => v.Campaign == campaign.Id));
        }

        if (!_crashed)
        {
            // A crash loses the counts since the last saved position; nothing else does.
            Assert.Equal(_urls.Count, campaign.Outcomes.Sum());
        }

        // Faults stop: all converge.
        _forges.Healthy = true;
        _clock.Advance(TimeSpan.FromHours(1));
        RecordingObserver observer = new();
        CampaignState healthy = Drive(BeginAsync(observer, resume: false, CancellationToken.None), interrupt: null)!;
        Assert.Equal(_urls.Count, healthy.Outcomes.Sum());
        Assert.All(observer.Reports, report => Assert.True(report.Outcome.IsSuccess(), $"{report.Url} {report.Outcome} {report.Error}"));
        Assert.Equal(_urls.Count, observer.Reports.Select(r => r.Url).Distinct().Count());
        Assert.Equal(_rubbish, observer.Rejected.Select(r => r.Number));
        CampaignProgress last = observer.Last!;
        Assert.Equal((_urls.Count, _lines.Count - _urls.Count - _rubbish.Count), (last.Repositories, last.Duplicates));
        Assert.Equal((_lines.Count, true, 0, 0), (last.LinesRead, last.ListEnded, last.Running, last.Skipped));
        Assert.Empty(last.Hosts);
    }

    public ValueTask DisposeAsync() => _heads.DisposeAsync();

    private CampaignState RunInterrupted()
    {
        HashSet<RepositoryUrl> reported = [];
        bool resume = false;
        while (true)
        {
            using CancellationTokenSource cancel = new();
            RecordingObserver observer = new() { OnReport = report => Assert.True(reported.Add(report.Url), $"{report.Url} is reported twice") };
            Task<CampaignState> run = BeginAsync(observer, resume, cancel.Token);
            Assert.Equal(resume && !run.IsCompleted, observer.Resumed && !run.IsCompleted);
            int stepsToInterrupt = _random.Next(3) == 0 ? int.MaxValue : _random.Next(1, 1500);
            bool crash = _random.Next(2) == 0;
            CampaignState? end = Drive(run, step => step == stepsToInterrupt && Interrupt(crash, cancel));
            if (end is not null)
            {
                return end;
            }

            resume = true;
            if (!run.IsCompleted)
            {
                DropEngine();
            }
        }
    }

    private bool Interrupt(bool crash, CancellationTokenSource cancel)
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
        _crashed = true;
        _clock = new ManualTimeProvider(_clock.GetUtcNow());
        _forges.Forget();
        Dictionary<ForgeHost, DateTimeOffset?> saved = _memory.ListForgeHostsAsync(CancellationToken.None)
            .ToBlockingEnumerable().ToDictionary(s => s.Host, s => s.SilentUntil);
        foreach (SimulatedHost host in _forges.Hosts.Values)
        {
            DateTimeOffset known = saved.GetValueOrDefault(host.Name) ?? DateTimeOffset.MinValue;
            host.SilentUntil = host.SilentUntil < known ? host.SilentUntil : known;
        }
    }

    private Task<CampaignState> BeginAsync(ICampaignObserver observer, bool resume, CancellationToken cancellationToken)
    {
        _forges.Clock = _clock;
        _heads.Clock = _clock;
        LocalEngineOptions options = new()
        {
            SpoolFolder = _spoolFolder,
            Inline = true,
            WaitingMax = 40,
            WaitingPerHostMax = 10,
            ReadAhead = 16,
            Grace = TimeSpan.FromSeconds(_random.Next(0, 20)),
        };
        LocalEngine engine = new(_ => _forges.SyncAsync, null, new ServerProfiles(), _heads, _clock, _random, NullLoggerFactory.Instance, options);
        CampaignRequest request = new()
        {
            List = new StringReader(string.Join('\n', _lines)),
            Key = "list",
            Resume = resume,
            Jobs = 12,
            HostLimits = _limits,
            IgnoreRetryTimes = true,
        };
        return engine.RunAsync(request, observer, cancellationToken);
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

            Assert.True(_clock.AdvanceToNextTimer() || run.IsCompleted, "Nothing will ever happen again.");
            Assert.True(step < StepsMax, "It does not end.");
        }

        return run.IsCanceled ? null : run.GetAwaiter().GetResult();
    }

    private IEnumerable<Visit> Visits(RepositoryUrl url) => _memory.ListVisitsAsync(url, CancellationToken.None).ToBlockingEnumerable();

    private void MakeForges()
    {
        DateTimeOffset start = _clock.GetUtcNow();
        int hosts = _random.Next(1, 7);
        for (int number = 0; number < hosts; number++)
        {
            SimulatedHost host = new() { Name = ForgeHost.Parse($"forge{number}.example"), OneInFails = _random.Next(2) * _random.Next(2, 10) };
            if (_random.Next(3) == 0)
            {
                (host.WindowMax, host.TellsRetryAfter) = (_random.Next(5, 40), _random.Next(2) == 0);
            }

            if (_random.Next(4) == 0)
            {
                DateTimeOffset from = start.AddSeconds(_random.Next(0, 30));
                host.Down = (from, from.AddSeconds(_random.Next(1, 200)));
            }

            _forges.Hosts.Add(host.Name, host);
            MakeLines(host, _random.Next(0, 80));
        }

        if (_random.Next(2) == 0)
        {
            string[] shuffled = [.. _lines];
            _random.Shuffle(shuffled);
            _lines.Clear();
            _lines.AddRange(shuffled);
        }

        for (int place = 0; place < _lines.Count; place++)
        {
            if (_random.Next(10) == 0)
            {
                _lines.Insert(place, "ftp://rubbish/" + place);
            }

            if (_lines[place].StartsWith("ftp:", StringComparison.Ordinal))
            {
                _rubbish.Add(place + 1);
            }
        }
    }

    private void MakeLines(SimulatedHost host, int repositories)
    {
        for (int number = 0; number < repositories; number++)
        {
            RepositoryUrl url = RepositoryUrl.Parse($"https://{host.Name}/r/{number}");
            _urls.Add(url);
            for (int times = _random.Next(5) == 0 ? _random.Next(1, 4) : 1; times > 0; times--)
            {
                _lines.Add(url.ToString());
            }
        }
    }
}
