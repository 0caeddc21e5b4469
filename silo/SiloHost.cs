using System.Net;
using System.Security.Cryptography.X509Certificates;
using Actors.Grains;
using Actors.Grains.Campaigns;
using Actors.Grains.ForgeHosts;
using Actors.Silo.Settings;
using Actors.Store.Postgres;
using Actors.Store.Schedules;
using Actors.Sync.Engines;
using Actors.Sync.Schedules;
using Actors.Web.Access;
using Actors.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;

namespace Actors.Silo;

/// <summary>Wires a silo: Orleans over PostgreSQL, the grains, the API over the cluster's board, Orleans' own dashboard beside it.</summary>
internal static class SiloHost
{
    /// <summary>Silos know of each other's load by so much; what is placed by it (hosts' and campaigns' grains) stays for hours.</summary>
    private static readonly TimeSpan LoadPeriod = TimeSpan.FromSeconds(30);

    private static string Version => typeof(SiloHost).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <exception cref="ArgumentException">The settings make no sense together; the message says why.</exception>
    public static IHost Build(SiloSettings settings, SiloStores stores, TimeProvider clock)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        SiloLogs.Configure(builder.Logging, settings.Log);
        builder.Services.AddSingleton(clock);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Drain + TimeSpan.FromSeconds(60));
        builder.UseOrleans(silo => Configure(silo, settings, stores));
        WebServerOptions web = WebOptions(settings);
        WebServer.Prepare(builder, web);
        WebApplication application = builder.Build();
        ICampaignBoard board = application.Services.GetRequiredService<ICampaignBoard>();
        if (settings.Orleans is { } dashboard)
        {
            MapOrleansDashboard(application, web.Bindings.First(b => b.EndPoint.Equals(dashboard)));
        }

        ScheduleGauge? schedule = stores.Heads is IScheduleStore kept ? new ScheduleGauge(kept, clock) { Watch = () => application.Services.GetRequiredService<SiloWatch>().View } : null;
        WebEngine engine = new(board, stores.Objects, stores.Heads) { Schedule = schedule };
        WebServer.Map(application, web with { NotReady = () => SiloState.Of(application.Services) }, engine, clock, application.Services.GetRequiredService<ILoggerFactory>());
        return application;
    }

    /// <summary>By where a request came in, not by the host that it names: that is whatever the caller says.</summary>
    private static void MapOrleansDashboard(WebApplication application, WebBinding binding) => application.MapWhen(
        context => ReferenceEquals(context.Features.Get<WebBinding>(), binding) && !context.Request.Path.StartsWithSegments("/health"),
        branch => branch.UseRouting().UseEndpoints(endpoints => endpoints.MapOrleansDashboard()));

    private static void Configure(ISiloBuilder silo, SiloSettings settings, SiloStores stores)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Cluster, settings.Cluster));
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
        // Each silo tells each other: at Orleans' second, sixty of them on one machine are busy with nothing else.
        silo.Configure<DeploymentLoadPublisherOptions>(load => load.DeploymentLoadPublisherRefreshTime = LoadPeriod);
        silo.ConfigureEndpoints(settings.Address, settings.SiloPort, gatewayPort: 0, listenOnAnyHostAddress: false);
        if (settings.IsAlone)
        {
            silo.UseLocalhostClustering(settings.SiloPort, gatewayPort: 0, serviceId: settings.Cluster, clusterId: settings.Cluster);
            silo.AddMemoryGrainStorage(StorageNames.Forges).UseInMemoryReminderService();
        }
        else
        {
            string database = OrleansSchema.ConnectionStringFor(settings.Store().Heads);
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (OrleansSchema.Invariant, database));
            silo.AddAdoNetGrainStorage(StorageNames.Forges, options => (options.Invariant, options.ConnectionString) = (OrleansSchema.Invariant, database));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (OrleansSchema.Invariant, database));
        }

        if (settings.SiloCertificate is not null)
        {
            SiloTls.Use(silo, settings);
        }

        if (settings.Orleans is not null)
        {
            silo.AddDashboard();
        }

        silo.AddActors(new GrainsParts
        {
            Heads = stores.Heads,
            Objects = stores.Objects,
            Campaigns = stores.Campaigns,
            Client = stores.Client,
            Rules = new ForgeRules { Book = settings.Hosts(), Limits = settings.HostLimits },
            Work = new SiloWorkOptions { VisitsMax = settings.Visits, ChunksMax = settings.Chunks, Works = settings.Works, DrainTime = settings.Drain, VisitsADay = settings.VisitsADay },
            AllowPrivate = settings.AllowPrivate,
            Version = Version,
        });
    }

    private static WebServerOptions WebOptions(SiloSettings settings)
    {
        X509Certificate2? certificate = settings.Certificate is { } file ? X509Certificate2.CreateFromPemFile(file) : null;
        List<WebBinding> bindings = [];
        if (settings.Api is { } api)
        {
            bindings.Add(new WebBinding(api) { Parts = settings.Metrics is null ? WebParts.All : WebParts.Api | WebParts.Dashboard, Certificate = certificate });
        }

        if (settings.Metrics is { } metrics)
        {
            bindings.Add(new WebBinding(metrics) { Parts = WebParts.Metrics, ReadsNeedNoToken = true });
        }

        if (settings.Orleans is { } dashboard)
        {
            bindings.Add(new WebBinding(dashboard) { Parts = WebParts.None });
        }

        if (bindings.Count == 0)
        {
            // Health is asked for at some address.
            bindings.Add(new WebBinding(new IPEndPoint(IPAddress.Loopback, 0)) { Parts = WebParts.None });
        }

        return new WebServerOptions
        {
            Bindings = bindings,
            Tokens = settings.TokensFile is { } tokens ? AccessTokens.Parse(File.ReadAllText(tokens)) : AccessTokens.None,
            HostNames = settings.HostNames,
            OpenToNetwork = settings.OpenToNetwork,
            Version = Version,
        };
    }
}
