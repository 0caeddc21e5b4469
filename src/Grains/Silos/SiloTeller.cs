using System.Diagnostics;
using Actors.Git.Remotes;
using Actors.Grains.Campaigns;
using Actors.Grains.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Core;
using Orleans.Runtime;

namespace Actors.Grains.Silos;

/// <summary>Tells of its silo.</summary>
internal sealed class SiloTeller : GrainService, ISiloTeller
{
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _startedAt;
    private (long At, TimeSpan Cpu) _before;
    private double _cpuShare;

    public SiloTeller(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory logs, IServiceProvider services, TimeProvider clock)
        : base(id, silo, logs) =>
        (_services, _clock, _startedAt, _before) = (services, clock, clock.GetUtcNow(), (clock.GetTimestamp(), Environment.CpuUsage.TotalTime));

    public async Task<SiloFigures> ReadAsync()
    {
        TimeSpan elapsed = _clock.GetElapsedTime(_before.At);
        if (elapsed > Limits.CpuShareTime)
        {
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            _cpuShare = Math.Clamp((cpu - _before.Cpu) / elapsed / Environment.ProcessorCount, 0, 1);
            _before = (_clock.GetTimestamp(), cpu);
        }

        VisitDesk desk = _services.GetRequiredService<VisitDesk>();
        SiloRuntimeStatistics[] statistics = await _services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetRuntimeStatistics([Silo]);
        SiloWork work = _services.GetRequiredService<SiloWork>();
        using Process process = Process.GetCurrentProcess();
        return new SiloFigures
        {
            Running = desk.Running,
            Done = desk.Done,
            MemoryBytes = process.WorkingSet64,
            CpuShare = _cpuShare,
            Version = _services.GetRequiredService<GrainsParts>().Version,
            StartedAt = _startedAt,
            Activations = statistics is [{ ActivationCount: int activations }] ? activations : 0,
            Chunks = work.Chunks,
            Campaigns = work.CountByCampaign(),
            Watch = WatchPart.Of(_services.GetRequiredService<SiloWatch>().View),
        };
    }

    public Task<SiloTroublesReport> ReadTroublesAsync(int max) => Task.FromResult(_services.GetRequiredService<SiloTroubles>().Read(max));

    public Task<RepositoryPlace> LocateAsync(string url)
    {
        RepositoryUrl repository = RepositoryUrl.Parse(url);
        return Task.FromResult(new RepositoryPlace
        {
            Campaigns = _services.GetRequiredService<SiloWork>().FindCampaigns(repository),
            VisitedSince = _services.GetRequiredService<VisitDesk>().VisitedSince(repository),
        });
    }
}
