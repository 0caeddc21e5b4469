using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Tests.Repositories;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;
using Xunit;

namespace Actors.Grains.Tests.ForgeHosts;

public sealed class ForgeGrainTests(SharedPostgres postgres)
{
    private static readonly ForgeHost Host = ForgeHost.Parse("forge.example");

    /// <summary>As the first version wrote it: recorded, never changed.</summary>
    private const string FirstVersion =
        """{"policy":{"allowed":4,"allowedGoal":8,"rate":2.5,"goal":5,"throttledCount":3,"silenceStep":1},"version":9,"brakedUntil":900000000000000000,"done":1234,"leases":[],"inUse":false}""";

    [Fact]
    public async Task A_killed_silos_permits_are_taken_back_and_given_to_others()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 2, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)));
        (InProcessSiloHandle stays, InProcessSiloHandle dies) = (cluster.Silos[0], cluster.Silos[1]);

        // The forge's grain sits in the silo that stays.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, stays.SiloAddress);
        await cluster.Of<IGrainFactory>(stays).GetGrain<IForgeGrain>(Host.ToString()).ViewAsync();
        RequestContext.Clear();

        SiloGates gates = cluster.Of<SiloGates>(dies);
        gates.AddWaiting(Host, 8);
        Task<HostAdmission>[] all = [.. Enumerable.Range(0, 8).Select(_ => gates.EnterAsync(Host, CancellationToken.None))];
        Assert.All(await Task.WhenAll(all), admission => Assert.Equal(PermitAnswer.Granted, admission.Answer));
        Task<HostAdmission> other = cluster.Of<SiloGates>(stays).EnterAsync(Host, CancellationToken.None);
        HostView view = await cluster.Of<IGrainFactory>(stays).GetGrain<IForgeGrain>(Host.ToString()).ViewAsync();
        Assert.False(other.IsCompleted);
        await cluster.KillAsync(dies);
        Assert.Equal(PermitAnswer.Granted, (await other).Answer);
        Assert.Equal(8, view.Allowed);
    }

    [Fact]
    public async Task A_state_that_an_older_version_kept_is_gone_on_with()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 1, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)));
        InProcessSiloHandle silo = cluster.Silos[0];
        IForgeGrain forge = cluster.Of<IGrainFactory>(silo).GetGrain<IForgeGrain>(Host.ToString());
        IGrainStorage storage = cluster.Of<IServiceProvider>(silo).GetRequiredKeyedService<IGrainStorage>(StorageNames.Forges);
        await storage.WriteStateAsync("budget", forge.GetGrainId(), new GrainState<ForgeRecord>(new ForgeRecord { Budget = FirstVersion }));
        HostView view = await forge.ViewAsync();
        Assert.Equal((4, 1234L, 3L, 900000000000000000L), (view.Allowed, view.Done, view.Throttled, view.BrakedUntil!.Value.UtcTicks));
        await forge.BrakeAsync(null);
        Assert.Equal(PermitAnswer.Granted, (await cluster.Of<SiloGates>(silo).EnterAsync(Host, CancellationToken.None)).Answer);
    }

    [Fact]
    public async Task A_brake_reaches_silos_that_hold_permits()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 2, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)));
        SiloGates[] gates = [.. cluster.Silos.Select(cluster.Of<SiloGates>)];
        foreach (SiloGates gate in gates)
        {
            gate.AddWaiting(Host, 100);
            Assert.Equal(PermitAnswer.Granted, (await gate.EnterAsync(Host, CancellationToken.None)).Answer);
        }

        IForgeGrain forge = cluster.Of<IGrainFactory>(cluster.Silos[0]).GetGrain<IForgeGrain>(Host.ToString());
        await forge.BrakeAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        foreach (SiloGates gate in gates)
        {
            HostAdmission admission;
            do
            {
                // What was granted before may still be begun until the news has come.
                admission = await gate.EnterAsync(Host, CancellationToken.None);
                admission.Permit?.End(null);
            }
            while (admission.Answer == PermitAnswer.Granted);
            Assert.Equal(PermitAnswer.NotYet, admission.Answer);
            Assert.InRange(admission.RetryIn, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        }
    }
}
