using Actors.Grains.ForgeHosts;
using Actors.Grains.Repositories;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Store.Postgres;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;
using Xunit;

namespace Actors.Grains.Tests;

/// <summary>Silos in this process over a real PostgreSQL, whose visits are the test's.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>Many clusters in one process, one after another, over one server.</summary>
    public const string FewConnections = ";Maximum Pool Size=8;Connection Idle Lifetime=2;Connection Pruning Interval=1";

    private readonly InProcessTestCluster _cluster;

    private TestCluster(InProcessTestCluster cluster, string database, IHeadStore heads, ICampaignStore campaigns) =>
        (_cluster, Database, Heads, Campaigns) = (cluster, database, heads, campaigns);

    public string Database { get; }

    public IHeadStore Heads { get; }

    public ICampaignStore Campaigns { get; }

    public IReadOnlyList<InProcessSiloHandle> Silos => [.. _cluster.GetActiveSilos()];

    /// <param name="postgres">The server of the tests.</param>
    /// <param name="silos">How many.</param>
    /// <param name="steps">Visits.</param>
    /// <param name="work">How much each silo does.</param>
    /// <param name="limits">What each host is allowed.</param>
    /// <param name="more">What else is the test's.</param>
    /// <param name="clock">What grains and gates read; Orleans' timers go on by themselves.</param>
    /// <param name="beside">Another cluster, whose database this one takes for its own: as after a split.</param>
    /// <param name="prepare">What the store has before the first silo starts.</param>
    /// <param name="deactivation">How long Orleans waits for an activation to end.</param>
    public static async Task<TestCluster> StartAsync(
        SharedPostgres postgres, short silos, VisitSteps steps, SiloWorkOptions? work = null, HostLimits? limits = null, Func<GrainsParts, GrainsParts>? more = null,
        TimeProvider? clock = null, TestCluster? beside = null, Func<IHeadStore, ValueTask>? prepare = null, TimeSpan? deactivation = null)
    {
        PostgresServer server = await postgres.StartAsync(Assert.Skip);
        string database = beside?.Database ?? await server.CreateDatabaseAsync() + FewConnections;
        Random random = new(1);
        await OrleansSchema.ApplyAsync(database, TimeProvider.System, random, CancellationToken.None);
        IHeadStore heads = await PostgresHeadStore.OpenAsync(database, TimeProvider.System, random, CancellationToken.None);
        ICampaignStore campaigns = await PostgresCampaignStore.OpenAsync(database, TimeProvider.System, random, CancellationToken.None);
        if (prepare is not null)
        {
            await prepare(heads);
        }

        string orleans = OrleansSchema.ConnectionStringFor(database);
        InProcessTestClusterBuilder builder = new(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.Options.ServiceId = beside?._cluster.Options.ServiceId ?? builder.Options.ServiceId;
        builder.ConfigureSilo((_, silo) =>
        {
            if (clock is not null)
            {
                silo.Services.AddSingleton(clock);
            }

            silo.AddAdoNetGrainStorage(StorageNames.Forges, options => (options.Invariant, options.ConnectionString) = (OrleansSchema.Invariant, orleans));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (OrleansSchema.Invariant, orleans));
            silo.Configure<ClusterMembershipOptions>(membership => (membership.ProbeTimeout, membership.NumMissedProbesLimit) = (TimeSpan.FromSeconds(1), 2));
            if (deactivation is { } time)
            {
                silo.Configure<GrainCollectionOptions>(collection => collection.DeactivationTimeout = time);
            }

            GrainsParts parts = new()
            {
                Heads = heads,
                Objects = new MemoryObjectStore(),
                Campaigns = campaigns,
                Steps = steps,
                Rules = new ForgeRules { Book = new HostRuleBook(new Dictionary<string, HostRules>(), HostRules.Open(limits ?? new HostLimits(8, double.PositiveInfinity))), Limits = limits ?? new HostLimits(8, double.PositiveInfinity) },
                Work = work ?? new SiloWorkOptions(),
                AllowPrivate = true,
            };
            silo.AddActors(more?.Invoke(parts) ?? parts);
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestCluster(cluster, database, heads, campaigns);
    }

    /// <summary>A service of one silo.</summary>
    public T Of<T>(InProcessSiloHandle silo)
        where T : notnull => _cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<T>();

    public Task KillAsync(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    public Task StopAsync(InProcessSiloHandle silo) => _cluster.StopSiloAsync(silo);

    public Task<InProcessSiloHandle> JoinAsync() => _cluster.StartAdditionalSiloAsync();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await Campaigns.DisposeAsync();
        await Heads.DisposeAsync();
    }
}
