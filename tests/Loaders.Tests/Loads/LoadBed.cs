using System.Text;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Loaders.Downloads;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;
using Actors.Store.ExtIds;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Actors.Loaders.Tests.Loads;

/// <summary>A store in memory, a registry server, and the engine of packages between them.</summary>
public sealed class LoadBed(Era era = Era.Revision) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private RegistryClient? _client;

    public RegistryServer Server { get; } = new();

    public IObjectStore Objects { get; set; } = new MemoryObjectStore();

    public MemoryHeadStore Heads { get; set; } = new();

    public MemoryExtIdStore ExtIds { get; private set; } = new();

    /// <summary>Beginnings of addresses that this server plays.</summary>
    public List<(string From, string To)> Mirrors { get; } = [];

    public Era Era { get; set; } = era;

    /// <summary>The patience of hosts that files lie on.</summary>
    public FileHosts FileHosts { get; } = new(HostRuleBook.Presets, HostLimits.Default, TimeProvider.System, new Random(1));

    public string? OriginTemplate { get; set; }

    /// <summary>Where the registry is; null: the server itself.</summary>
    public Uri? Registry { get; set; }

    /// <summary>Totals of objects that came into the store, by type.</summary>
    public long[] Totals { get; } = new long[5];

    /// <summary>Visits one package.</summary>
    public async Task<(SyncReport Report, LoadReport Load)> VisitAsync(string line)
    {
        Recorder recorder = new();
        await RunAsync(line, recorder);
        Assert.Empty(recorder.Rejected);
        (SyncReport report, LoadReport load) = Assert.Single(recorder.Ended);
        for (int i = 0; i < Totals.Length; i++)
        {
            Totals[i] += load.NewObjects[i];
        }

        return (report, load);
    }

    /// <summary>The branches of a snapshot as <c>NAME OID</c> or <c>NAME -> BRANCH</c>.</summary>
    public async Task<string[]> BranchesAsync(SnapshotId? id)
    {
        Snapshot snapshot = (await Heads.ReadSnapshotAsync(Assert.NotNull(id), CancellationToken.None))!;
        return [.. snapshot.Branches.Select(branch => branch.AliasOf is { } alias ? $"{branch.Name} -> {alias}" : $"{branch.Name} {branch.Oid}")];
    }

    /// <summary>The target of a branch.</summary>
    public async Task<Oid> TargetAsync(SnapshotId? id, string branch)
    {
        Snapshot snapshot = (await Heads.ReadSnapshotAsync(Assert.NotNull(id), CancellationToken.None))!;
        return snapshot.Branches.Single(one => one.Name == RefName.Parse(branch)).Oid;
    }

    /// <summary>An object's content as text.</summary>
    public async Task<string> TextAsync(Oid oid) =>
        Encoding.UTF8.GetString((await Objects.ReadAsync(oid, long.MaxValue, CancellationToken.None))!.Content.Span);

    public void ForgetExtIds() => ExtIds = new MemoryExtIdStore();

    public void ForgetHeads() => Heads = new MemoryHeadStore();

    internal async Task RunAsync(string list, IPackageObserver observer)
    {
        _client ??= new RegistryClient(new RegistryClientOptions { Mirrors = Mirrors, FirstWait = TimeSpan.FromMilliseconds(1), FileHosts = FileHosts });
        PackageCatalog catalog = new(new RegistryPlaces { Registry = Registry ?? Server.Address, OriginTemplate = OriginTemplate });
        PackageSync sync = new(catalog, _client, Objects, Heads, ExtIds, new LoadOptions { Era = Era }, TimeProvider.System, NullLogger<PackageSync>.Instance);
        await using LocalEngine engine = new(
            sync.RunAsync, Objects, Heads, TimeProvider.System, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = _folder["spool"] });
        CampaignRequest request = new() { List = new StringReader(list), Key = "test", IgnoreRetryTimes = true };
        await new PackageEngine(engine, sync, catalog).RunAsync(request, observer, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await Server.DisposeAsync();
        await Objects.DisposeAsync();
        _folder.Dispose();
    }
}
