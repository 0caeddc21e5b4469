using System.Net;
using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Repositories;
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
        ShiftedClock clock = new();
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 2, Unvisited, clock: clock);
        SiloGates[] gates = [.. cluster.Silos.Select(cluster.Of<SiloGates>)];
        List<IHostPermit> held = [];
        foreach (SiloGates gate in gates)
        {
            gate.AddWaiting(Host, 100);
            HostAdmission first = await gate.EnterAsync(Host, CancellationToken.None);
            Assert.Equal(PermitAnswer.Granted, first.Answer);
            held.Add(first.Permit!);
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

        // Lifted when nobody holds anything any more: nobody is sent away for what was said before.
        held.ForEach(permit => permit.End(null));
        clock.Advance(TimeSpan.FromMinutes(1));
        await forge.BrakeAsync(null);
        foreach (SiloGates gate in gates)
        {
            // A silo that asked a moment before is told, but not before the brake's call has returned.
            while ((await gate.EnterAsync(Host, CancellationToken.None)).Answer == PermitAnswer.NotYet)
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task After_its_silo_died_a_forge_grain_gives_nothing_new_until_all_that_was_leased_has_ended()
    {
        ShiftedClock clock = new();
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 2, Unvisited, clock: clock);
        (InProcessSiloHandle stays, InProcessSiloHandle dies) = (cluster.Silos[0], cluster.Silos[1]);
        RequestContext.Set(IPlacementDirector.PlacementHintKey, dies.SiloAddress);
        IForgeGrain forge = cluster.Of<IGrainFactory>(stays).GetGrain<IForgeGrain>(Host.ToString());
        await forge.ViewAsync();
        RequestContext.Clear();
        IForgeObserver observer = Observer(cluster, stays);
        HostGrant grant = await forge.CallAsync(Call("a", 1), observer);
        Assert.Equal((8, PermitAnswer.Granted), (grant.Units, grant.Answer));
        Assert.InRange(grant.Starts, 1, 100);

        await cluster.KillAsync(dies);
        HostGrant? holder = null;
        while (holder is null)
        {
            try
            {
                holder = await forge.CallAsync(Call("a", 2, held: 8), observer);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                // Membership has not noticed yet.
            }
        }

        // Nobody knows what was leased: who held something keeps it, without further starts, and another silo gets nothing.
        Assert.Equal((8, 0, false), (holder.Units, holder.Starts, holder.Lapsed));
        HostGrant other = await forge.CallAsync(Call("b", 1), observer);
        Assert.Equal((0, 0), (other.Units, other.Starts));
        clock.Advance(Sync.Limits.OwnershipTime + Sync.Limits.StartsHorizon + Sync.Limits.StartsPatience);
        Assert.InRange((await forge.CallAsync(Call("a", 3, held: 8), observer)).Starts, 1, 100);
        Assert.Equal(0, (await forge.CallAsync(Call("b", 2), observer)).Units);

        // All that its predecessor may have leased is over: what the first silo no longer says it holds is free.
        clock.Advance(Sync.Limits.LeaseTime + TimeSpan.FromSeconds(1));
        Assert.Equal(8, (await forge.CallAsync(Call("b", 3), observer)).Units);
    }

    [Fact]
    public async Task A_forge_grain_that_another_has_followed_answers_no_longer_than_until_it_must_confirm_that_it_is_the_owner()
    {
        ShiftedClock clock = new();
        await using TestCluster before = await TestCluster.StartAsync(postgres, 1, Unvisited, clock: clock);
        await using TestCluster after = await TestCluster.StartAsync(postgres, 1, Unvisited, clock: clock, beside: before);
        (IForgeGrain old, IForgeGrain next) = (Forge(before), Forge(after));
        IForgeObserver observer = Observer(before, before.Silos[0]);
        Assert.Equal(8, (await old.CallAsync(Call("a", 1), observer)).Units);

        // The other cluster knows nothing of the first: as after a split, each has an activation of the grain.
        Assert.Equal(0, (await next.CallAsync(Call("b", 1), Observer(after, after.Silos[0]))).Units);
        Assert.Equal(8, (await old.CallAsync(Call("a", 2, held: 8), observer)).Units);
        clock.Advance(Sync.Limits.OwnershipTime / 2);
        await Assert.ThrowsAnyAsync<OrleansException>(() => old.CallAsync(Call("a", 3, held: 8), observer));
    }

    [Fact]
    public async Task Hosts_behind_one_address_share_the_patience_of_the_first_that_was_met()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(
            postgres, 2, Unvisited, more: parts => parts with { AddressOf = host => IPAddress.Parse(host == Host || host.ToString() == "other.example" ? "192.0.2.7" : "192.0.2.8") });
        (SiloGates here, SiloGates there) = (cluster.Of<SiloGates>(cluster.Silos[0]), cluster.Of<SiloGates>(cluster.Silos[1]));
        here.AddWaiting(Host, 8);
        HostAdmission[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => here.EnterAsync(Host, CancellationToken.None)));
        Assert.All(all, admission => Assert.Equal(PermitAnswer.Granted, admission.Answer));

        // Another host of the same address, from another silo, waits for them; one of another address does not.
        ForgeHost other = ForgeHost.Parse("other.example");
        Task<HostAdmission> waits = there.EnterAsync(other, CancellationToken.None);
        Assert.Equal(PermitAnswer.Granted, (await there.EnterAsync(ForgeHost.Parse("elsewhere.example"), CancellationToken.None)).Answer);
        IForgeGrain follower = cluster.Of<IGrainFactory>(cluster.Silos[1]).GetGrain<IForgeGrain>(other.ToString());
        Assert.Equal(Host.ToString(), await follower.ShareAsync("192.0.2.9"));
        HostGrant grant = await follower.CallAsync(Call("c", 1), Observer(cluster, cluster.Silos[1]));
        Assert.Equal((0, false), (grant.Units, waits.IsCompleted));
        Assert.Equal((other, 8), ((await follower.ViewAsync()).Host, (await follower.ViewAsync()).Allowed));
        foreach (HostAdmission admission in all)
        {
            admission.Permit!.End(null);
        }

        here.AddWaiting(Host, -8);
        Assert.Equal(PermitAnswer.Granted, (await waits).Answer);
    }

    private static VisitSteps Unvisited => _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged));

    private static IForgeGrain Forge(TestCluster cluster) => cluster.Of<IGrainFactory>(cluster.Silos[0]).GetGrain<IForgeGrain>(Host.ToString());

    private static IForgeObserver Observer(TestCluster cluster, InProcessSiloHandle silo) =>
        cluster.Of<IGrainFactory>(silo).CreateObjectReference<IForgeObserver>(cluster.Of<SiloGates>(silo));

    private static HostCall Call(string silo, long sequence, int held = 0) =>
        new() { Silo = silo, Sequence = sequence, Held = held, Running = held, Wanted = 8, StartsWanted = 8, Waiting = 100 };
}
