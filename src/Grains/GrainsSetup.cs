using Actors.Grains.Campaigns;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Registry;
using Actors.Grains.Repositories;
using Actors.Grains.Silos;
using Actors.Sync.Engines;
using Actors.Sync.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;

namespace Actors.Grains;

/// <summary>What a silo needs beside its clustering and its storages.</summary>
public static class GrainsSetup
{
    /// <summary>Adds grains and their surroundings, the worker, and the cluster's board.</summary>
    /// <param name="silo">The silo; needs a grain storage named <see cref="StorageNames.Forges"/> and a reminder table.</param>
    /// <param name="parts">What it works with.</param>
    public static ISiloBuilder AddActors(this ISiloBuilder silo, GrainsParts parts)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(parts);
        IServiceCollection services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(parts).AddSingleton(parts.Heads).AddSingleton(parts.Objects).AddSingleton(parts.Campaigns).AddSingleton(parts.Rules).AddSingleton(parts.Work);
        services.AddSingleton(provider => parts.Steps ?? SyncsOf(parts, provider));
        services.AddSingleton<SiloGates>().AddSingleton<PermitBook>().AddSingleton<VisitDesk>().AddSingleton<SiloTroubles>();
        services.AddSingleton<ISiloReader, SiloReader>().AddSingleton<ClusterFigures>().AddSingleton<ICampaignBoard, ClusterBoard>();
        services.AddSingleton<ChunkVisits>().AddSingleton<RepositoryDirectory>().AddSingleton<IRegistrationReader, RegistrationReader>();
        services.AddSingleton<LearntServers>().AddHostedService(provider => provider.GetRequiredService<LearntServers>());
        services.AddSingleton(provider => new SiloWatch(
            parts, provider.GetRequiredService<SiloGates>(), provider.GetRequiredService<RepositoryDirectory>(), provider.GetRequiredService<ChunkVisits>(), provider.GetRequiredService<SiloTroubles>(),
            provider.GetRequiredService<ISiloStatusOracle>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SiloWatch>>()));
        services.AddSingleton(provider => new SiloWork(
            parts, provider.GetRequiredService<SiloGates>(), provider.GetRequiredService<RepositoryDirectory>(), provider.GetRequiredService<ChunkVisits>(), provider.GetRequiredService<SiloTroubles>(),
            provider.GetRequiredService<SiloWatch>(), provider.GetRequiredService<ILocalSiloDetails>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SiloWork>>()));
        services.AddHostedService(provider => provider.GetRequiredService<SiloWork>());
        silo.AddGrainService<SiloTeller>().AddGrainService<RegistrationTeller>();
        silo.AddGrainDirectory(RepositoryDirectory.Name, static (provider, _) => provider.GetRequiredService<RepositoryDirectory>());
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            // Repository grains leave by themselves; those whose end nobody came for are a minute late.
            collection.CollectionQuantum = TimeSpan.FromSeconds(20);
            collection.CollectionAge = TimeSpan.FromMinutes(2);
        });
        return silo;
    }

    private static VisitSteps SyncsOf(GrainsParts parts, IServiceProvider provider)
    {
        RepositorySync sync = new(
            parts.Client ?? throw new InvalidOperationException("Neither a git client nor other visits were given."), parts.Objects, parts.Heads,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RepositorySync>>());
        return options => (url, known, cancellationToken) => sync.RunAsync(url, known, options, cancellationToken);
    }
}
