using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// Several campaigns of one board at once, whose lists overlap, on one thread: forges with faults, an operator who pauses, resumes,
/// brakes and changes priorities, and crashes between any two steps, all from a seed. The forges check with each request what they may expect.
/// </summary>
internal sealed class BoardSimulation : IAsyncDisposable
{
    private const int StepsMax = 400_000;

    private readonly Random _random;
    private readonly string _folder;
    private readonly SimulatedForges _forges;
    private readonly MemoryHeadStore _memory = new();
    private readonly SlowHeadStore _heads;
    private readonly HostLimits _limits;
    private readonly Dictionary<CampaignId, string[]> _lists = [];
    private ManualTimeProvider _clock = new();
    private LocalBoard? _board;
    private int _stepsToCrash;
    private bool _crashed;

    public BoardSimulation(int seed, string folder)
    {
        (_random, _folder) = (new Random(seed), folder);
        _limits = new HostLimits(_random.Next(1, 5), _random.Next(3) == 0 ? _random.Next(2, 30) : double.PositiveInfinity);
        _forges = new SimulatedForges(_limits, _random);
        _heads = new SlowHeadStore(_memory, _random);
        for (int number = 0; number < 4; number++)
        {
            SimulatedHost host = new() { Name = ForgeHost.Parse($"forge{number}.example"), OneInFails = _random.Next(2) * _random.Next(2, 10) };
            (host.WindowMax, host.TellsRetryAfter) = _random.Next(4) == 0 ? (_random.Next(10, 40), true) : (0, false);
            _forges.Hosts.Add(host.Name, host);
        }
    }

    public async Task RunAsync()
    {
        Open();
        for (int number = _random.Next(2, 6); number > 0; number--)
        {
            Submit();
        }

        for (int turn = 0; turn < 12; turn++)
        {
            Drive(_random.Next(1, 400), until: null);
            if (_crashed || _random.Next(4) == 0)
            {
                Crash();
            }
            else
            {
                await SteerAsync();
            }
        }

        _stepsToCrash = int.MaxValue;
        Crash();
        foreach (CampaignId id in _lists.Keys)
        {
            Complete(_board!.SteerAsync(id, CampaignPhase.Running, CancellationToken.None));
        }

        foreach (ForgeHost host in _forges.Hosts.Keys)
        {
            Complete(_board!.BrakeAsync(host, null, CancellationToken.None));
        }

        Drive(StepsMax, () => _lists.Keys.All(id => View(id).Phase == CampaignPhase.Done));
        foreach ((CampaignId id, string[] urls) in _lists)
        {
            Check(id, urls);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stepsToCrash = int.MaxValue;
        ValueTask closing = _board!.DisposeAsync();
        while (!closing.IsCompleted && _clock.AdvanceToNextTimer())
        {
        }

        await closing;
        await _heads.DisposeAsync();
    }

    private void Check(CampaignId id, string[] urls)
    {
        List<ReportLine> report = [.. _board!.ReadReportAsync(id, 0, follow: false, CancellationToken.None).ToBlockingEnumerable()];
        Assert.Equal(Enumerable.Range(1, report.Count).Select(number => (long)number), report.Select(line => line.Number));
        Assert.Equal(urls.Order(StringComparer.Ordinal), report.Select(line => line.Sync!.Url.ToString()).Order(StringComparer.Ordinal));
        CampaignProgress progress = View(id).Progress;
        Assert.Equal((urls.Length, urls.Length, 0, 0), (progress.Repositories, progress.Outcomes.Sum(), progress.Duplicates, progress.Skipped));
        CampaignState state = _memory.ListCampaignsAsync(CancellationToken.None).ToBlockingEnumerable().Single(campaign => campaign.Id == id);
        Assert.Equal((urls.Length, urls.Length), (state.LinesDone, state.Outcomes.Sum()));
        foreach (string url in urls)
        {
            Assert.Equal(1, _memory.ListVisitsAsync(RepositoryUrl.Parse(url), CancellationToken.None).ToBlockingEnumerable().Count(visit => visit.Campaign == id));
        }
    }

    private void Open()
    {
        _forges.Clock = _clock;
        _heads.Clock = _clock;
        LocalEngineOptions options = new() { SpoolFolder = _folder, Inline = true, WaitingMax = 60, WaitingPerHostMax = 10, ReadAhead = 16 };
        LocalEngine engine = new(_ => _forges.SyncAsync, null, new ServerProfiles(), _heads, _clock, _random, NullLoggerFactory.Instance, options);
        Task<LocalBoard> opened = LocalBoard.OpenAsync(
            engine, _heads, _clock, NullLoggerFactory.Instance,
            new LocalBoardOptions
            {
                Folder = Path.Combine(_folder, "campaigns"),
                Jobs = 6,
                HostLimits = _limits,
                HostRules = new HostRuleBook(new Dictionary<string, HostRules>(), new HostRules { Silence = TimeSpan.FromSeconds(1) }),
                RunsMax = 3,
                AtStep = _ => --_stepsToCrash <= 0 && (_crashed = true) ? new TaskCompletionSource().Task : Task.CompletedTask,
            },
            CancellationToken.None);
        Complete(opened);
        _board = opened.GetAwaiter().GetResult();
    }

    /// <summary>The process is gone, wherever it was; what its clock has not brought about never happens.</summary>
    private void Crash()
    {
        _clock = new ManualTimeProvider(_clock.GetUtcNow());
        _forges.Forget();
        foreach (SimulatedHost host in _forges.Hosts.Values)
        {
            // What the next process cannot know of is forgiven.
            host.SilentUntil = DateTimeOffset.MinValue;
            host.Begun.Clear();
        }

        int steps = _stepsToCrash;
        (_crashed, _stepsToCrash) = (false, int.MaxValue);
        Open();
        _stepsToCrash = steps == int.MaxValue ? steps : _random.Next(5, 60);
    }

    private void Submit()
    {
        _stepsToCrash = int.MaxValue;
        string[] urls = [.. Enumerable.Range(0, _random.Next(0, 120)).Select(_ => $"https://forge{_random.Next(4)}.example/r/{_random.Next(60)}").Distinct()];
        Task<CampaignId> submitted = _board!.SubmitAsync(
            new CampaignOrder { Priority = _random.Next(-1, 2) }, new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', urls))), CancellationToken.None);
        Complete(submitted);
        _lists.Add(submitted.GetAwaiter().GetResult(), urls);
        _stepsToCrash = _random.Next(5, 60);
    }

    /// <summary>What an operator does; a crash may come in the middle of it.</summary>
    private async Task SteerAsync()
    {
        CampaignId id = _lists.Keys.ElementAt(_random.Next(_lists.Count));
        ForgeHost host = _forges.Hosts.Keys.ElementAt(_random.Next(_forges.Hosts.Count));
        Task deed = _random.Next(5) switch
        {
            0 => _board!.SteerAsync(id, CampaignPhase.Paused, CancellationToken.None),
            1 => _board!.SetPriorityAsync(id, _random.Next(-2, 3), CancellationToken.None),
            2 => _board!.BrakeAsync(host, _clock.GetUtcNow().AddSeconds(_random.Next(1, 60)), CancellationToken.None),
            _ => _board!.SteerAsync(id, CampaignPhase.Running, CancellationToken.None),
        };
        if (!_crashed)
        {
            Drive(10_000, () => deed.IsCompleted || _crashed);
        }

        if (deed.IsCompleted)
        {
            await deed;
        }
    }

    /// <summary>Moves the clock until something ends that no crash is to come into.</summary>
    private void Complete(Task deed)
    {
        Drive(10_000, () => deed.IsCompleted);
        deed.GetAwaiter().GetResult();
    }

    private void Drive(int steps, Func<bool>? until)
    {
        for (int step = 0; step < steps && !_crashed && until?.Invoke() != true; step++)
        {
            if (!_clock.AdvanceToNextTimer())
            {
                Assert.True(until is null || until(), "Nothing will ever happen again.");
                return;
            }
        }

        Assert.True(until is null || _crashed || until(), "It does not end.");
    }

    private CampaignView View(CampaignId id) => _board!.FindAsync(id, CancellationToken.None).GetAwaiter().GetResult()!;
}
