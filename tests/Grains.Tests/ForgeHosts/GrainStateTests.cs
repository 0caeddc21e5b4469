using Actors.Git.Remotes;
using Actors.Grains.Campaigns;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Tests.Repositories;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.TestKit;
using Actors.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;
using Xunit;

namespace Actors.Grains.Tests.ForgeHosts;

/// <summary>
/// What silos keep, as each version wrote it: <c>Recorded</c> has the bytes of the database's rows, never changed, one file more with each version that
/// writes otherwise. <c>…-newer.json</c> is as a version to come may write it.
/// </summary>
public sealed class GrainStateTests(SharedPostgres postgres)
{
    private static readonly ForgeHost Host = ForgeHost.Parse("forge.example");

    [Theory]
    [InlineData("forge-record-1.json", null)]
    [InlineData("forge-record-2.json", null)]
    [InlineData("forge-record-newer.json", "first.example")]
    public async Task A_forge_grain_goes_on_with_the_row_of_another_version(string file, string? sharedWith)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 1, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)));
        InProcessSiloHandle silo = cluster.Silos[0];
        ForgeRecord record = Read<ForgeRecord>(cluster, file);
        Assert.Equal(sharedWith, record.SharedWith);

        // As it lies in the database when a silo of this version begins with it.
        IForgeGrain forge = cluster.Of<IGrainFactory>(silo).GetGrain<IForgeGrain>(Host.ToString());
        IGrainStorage storage = cluster.Of<IServiceProvider>(silo).GetRequiredKeyedService<IGrainStorage>(StorageNames.Forges);
        await storage.WriteStateAsync("budget", forge.GetGrainId(), new GrainState<ForgeRecord>(new ForgeRecord { Budget = record.Budget, Address = record.Address }));
        HostView view = await forge.ViewAsync();
        Assert.Equal((4, 1234L, 3L, 900000000000000000L), (view.Allowed, view.Done, view.Throttled, view.BrakedUntil!.Value.UtcTicks));
        await forge.BrakeAsync(null);
        Assert.Equal(PermitAnswer.Granted, (await cluster.Of<SiloGates>(silo).EnterAsync(Host, CancellationToken.None)).Answer);
    }

    [Theory]
    [InlineData("address-record-2.json")]
    [InlineData("address-record-newer.json")]
    public async Task An_address_grain_reads_the_row_of_another_version(string file)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 1, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)));
        Assert.Equal("first.example", Read<AddressRecord>(cluster, file).First);
    }

    [Fact]
    public void A_campaigns_order_of_another_version_is_read()
    {
        CampaignOrder first = CampaignOrderText.Read("""{"name":"debian","refs":"default","maxAge":"12:00:00","ignoreRetryTimes":true,"includeParked":false,"syncTimeMax":"06:00:00","packBytesMax":1048576}""");
        Assert.Equal(("debian", TimeSpan.FromHours(12), true, 1048576), (first.Name, first.MaxAge, first.IgnoreRetryTimes, first.PackBytesMax));
        CampaignOrder newer = CampaignOrderText.Read("""{"name":"debian","ofTheFuture":{"a":[1,2]},"maxAge":null}""");
        Assert.Equal(("debian", new CampaignOrder().MaxAge, new CampaignOrder().SyncTimeMax), (newer.Name, newer.MaxAge, newer.SyncTimeMax));
    }

    /// <summary>With what the storage reads rows by.</summary>
    private static T Read<T>(TestCluster cluster, string file)
    {
        IGrainStorageSerializer serializer = cluster.Of<IOptionsMonitor<AdoNetGrainStorageOptions>>(cluster.Silos[0]).Get(StorageNames.Forges).GrainStorageSerializer;
        return serializer.Deserialize<T>(BinaryData.FromString(File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Grains.Tests", "ForgeHosts", "Recorded", file)).TrimEnd()))!;
    }
}
