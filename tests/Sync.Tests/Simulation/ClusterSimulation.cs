using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// A campaign worked in chunks by several silos, on one thread: clock, forges, faults and deaths come from a seed. Silos are killed, drained and
/// added, campaigns paused; leases end by themselves. In the end each repository has one outcome.
/// </summary>
internal sealed class ClusterSimulation : IAsyncDisposable
{
    private const int StepsMax = 1_000_000;

    private readonly Random _random;
    private readonly ManualTimeProvider _clock = new();
    private readonly SimulatedForges _forges;
    private readonly MemoryHeadStore _memory = new();
    private readonly SlowHeadStore _heads;
    private readonly MemoryCampaignStore _campaigns;
    private readonly SimulatedPermits _permits;
    private readonly SimulatedRegistry _registry;
    private readonly SimulatedRepositories _repositories;
    private readonly List<SimulatedSilo> _silos = [];
    private readonly List<RepositoryUrl> _urls = [];
    private CampaignId _id;
    private int _silosMade;

    public ClusterSimulation(int seed)
    {
        _random = new Random(seed);
        HostLimits limits = new(_random.Next(1, 6), double.PositiveInfinity);
        _forges = new SimulatedForges(limits, _random) { Clock = _clock };
        _heads = new SlowHeadStore(_memory, _random) { Clock = _clock };
        _campaigns = new MemoryCampaignStore(_clock, _random);
        _permits = new SimulatedPermits(limits, _random);
        _registry = new SimulatedRegistry(_clock, _random);
        _repositories = new SimulatedRepositories(_forges, _heads, _memory, _random);
        MakeForges();
    }

    /// <summary>Kills and drains until faults stop; then all must end.</summary>
    public void Run()
    {
        _id = SubmitAsync().GetAwaiter().GetResult().Id;
        for (int silos = _random.Next(1, 5); silos > 0; silos--)
        {
            AddSilo();
        }

        int quietAfter = _random.Next(0, 4000);
        for (int step = 0; Find().Stage != CampaignStage.Done; step++)
        {
            Assert.True(step < StepsMax, "It does not end.");
            if (step < quietAfter && _random.Next(150) == 0)
            {
                Disturb();
            }
            else if (step == quietAfter)
            {
                _campaigns.SteerAsync(_id, CampaignStage.Running, default);
                AddSilo();
            }

            bool goesOn = _clock.AdvanceToNextTimer();
            foreach (SimulatedSilo silo in _silos)
            {
                Assert.False(silo.Work!.IsFaulted, silo.Work.Exception?.ToString());
            }

            Assert.True(goesOn, "Nothing will ever happen again.");
        }

        Check();
    }

    public async ValueTask DisposeAsync()
    {
        await _campaigns.DisposeAsync();
        await _heads.DisposeAsync();
        _silos.ForEach(s => s.Dispose());
    }

    private void Check()
    {
        StoredCampaign campaign = Find();
        Assert.Equal((_urls.Count, _urls.Count), (campaign.Repositories, campaign.Counts.Outcomes.Sum()));
        List<ReportLine> report = [.. _campaigns.ReadReportAsync(_id, 0, default).ToBlockingEnumerable().Select(StoredReportJson.Parse)];
        Assert.Equal(_urls.Select(u => u.ToString()).Order(), report.Select(r => r.Sync!.Url.ToString()).Order());
        foreach (ReportLine line in report)
        {
            // What is reported is what was recorded, and nothing was fetched again but what a killed silo had not recorded.
            Visit visit = Assert.Single(_memory.ListVisitsAsync(line.Sync!.Url, default).ToBlockingEnumerable());
            Assert.Equal((line.Sync.Outcome, _id), (visit.Outcome, visit.Campaign));
        }
    }

    private StoredCampaign Find() => _campaigns.FindAsync(_id, default).GetAwaiter().GetResult()!;

    private void Disturb()
    {
        SimulatedSilo silo = _silos[_random.Next(_silos.Count)];
        switch (_random.Next(6))
        {
            case 0 or 1:
                _silos.Remove(silo);
                silo.Kill();
                AddSilo();
                break;
            case 2:
                silo.Draining.Cancel();
                AddSilo();
                break;
            case 3 when _silos.Count < 8:
                AddSilo();
                break;
            case 4:
                _campaigns.SteerAsync(_id, CampaignStage.Paused, default);
                break;
            default:
                _campaigns.SteerAsync(_id, CampaignStage.Running, default);
                break;
        }
    }

    private void AddSilo()
    {
        SimulatedSilo silo = new($"silo {++_silosMade}", _clock);
        _silos.Add(silo);
        silo.Work = WorkAsync(silo);
    }

    /// <summary>What a silo's worker does: claims, works, comes again.</summary>
    private async Task WorkAsync(SimulatedSilo silo)
    {
        SiloStore store = new(_campaigns, silo, _random);
        IHostPermits permits = _permits.Of(silo);
        while (!silo.Draining.IsCancellationRequested)
        {
            IReadOnlyList<ClaimedChunk> chunks = await store.ClaimAsync(new ClaimRequest { Holder = silo.Name, Max = 3, Lease = TimeSpan.FromSeconds(60) }, default);
            await Task.WhenAll(chunks.Select(chunk => WorkAsync(silo, store, permits, chunk)));
            if (chunks.Count == 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(_random.Next(1, 20)), silo.Clock);
            }
        }
    }

    private async Task WorkAsync(SimulatedSilo silo, SiloStore store, IHostPermits permits, ClaimedChunk chunk)
    {
        using ChunkRun run = new(chunk, new CampaignOrder(), store, _heads, permits, _registry.Of(silo), _repositories.Of(silo, chunk.Hold.Campaign), new ChunkRunOptions { Jobs = 8, Inline = true, Drain = silo.Draining.Token }, silo.Clock);
        try
        {
            _ = await run.RunAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // The chunk comes back by itself.
        }
    }

    private async Task<StoredCampaign> SubmitAsync()
    {
        List<RepositoryUrl> list = [.. _urls, .. _urls.Where(_ => _random.Next(8) == 0)];
        SubmissionOptions options = new() { ChunkMin = _random.Next(3, 40), HostMin = _random.Next(1, 8) };
        return await _campaigns.SubmitAsync(new NewCampaign("", 0), Lines(), options, default);

        async IAsyncEnumerable<SubmittedLine> Lines()
        {
            await Task.CompletedTask;
            for (int n = 0; n < list.Count; n++)
            {
                yield return new SubmittedLine(n + 1, list[n]);
            }
        }
    }

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
                host.Down = (from, from.AddSeconds(_random.Next(1, 2000)));
            }

            _forges.Hosts.Add(host.Name, host);
            for (int repository = _random.Next(1, 80); repository > 0; repository--)
            {
                _urls.Add(RepositoryUrl.Parse($"https://{host.Name}/r/{repository}"));
            }
        }
    }
}
