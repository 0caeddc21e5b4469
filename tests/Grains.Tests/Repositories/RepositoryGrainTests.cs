using Actors.Git.Remotes;
using Actors.Grains.Registry;
using Actors.Grains.Repositories;
using Actors.Store.Heads;
using Actors.Sync.Repositories;
using Actors.TestKit.Servers;
using Orleans.Core.Internal;
using Xunit;

namespace Actors.Grains.Tests.Repositories;

public sealed class RepositoryGrainTests(SharedPostgres postgres)
{
    private static readonly RepositoryUrl Url = RepositoryUrl.Parse("https://forge.example/owner/name");

    [Fact]
    public async Task Callers_on_all_silos_share_one_visit_and_the_next_call_begins_another()
    {
        TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int begun = 0, running = 0, most = 0;
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 3, _ => async (url, _, cancellationToken) =>
        {
            Interlocked.Increment(ref begun);
            most = Math.Max(most, Interlocked.Increment(ref running));
            await goes.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref running);
            return Ended(url, Outcome.Unchanged);
        });
        Task<VisitAnswer>[] calls = [.. cluster.Silos.SelectMany(silo => Enumerable.Range(0, 10).Select(_ => GrainAt(cluster, silo).StartAsync(new VisitOrder())))];
        VisitAnswer running1 = await cluster.Of<IGrainFactory>(cluster.Silos[0]).GetGrain<IRepositoryGrain>(Url.ToString()).StartAsync(new VisitOrder());
        Assert.Equal(VisitState.Running, running1.State);
        goes.SetResult();
        VisitAnswer[] answers = await Task.WhenAll(calls);
        Assert.All(answers, answer => Assert.True(answer.State is VisitState.Ended or VisitState.Running));
        VisitAnswer end = await GrainAt(cluster, cluster.Silos[1]).WaitAsync(running1.Visit);
        Assert.Equal((VisitState.Ended, Outcome.Unchanged), (end.State, end.Report!.Outcome));
        Assert.Equal((1, 1), (begun, most));

        VisitAnswer next = await GrainAt(cluster, cluster.Silos[2]).StartAsync(new VisitOrder());
        Assert.Equal((VisitState.Ended, true, 2), (next.State, next.Begun, begun));
        Assert.Equal(2, (await cluster.Heads.FindAsync([Url], CancellationToken.None))[0]!.Visit);
    }

    [Fact]
    public async Task A_repository_that_the_campaign_has_visited_already_is_not_visited_again()
    {
        int begun = 0;
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 1, _ => (url, _, _) =>
        {
            begun++;
            return Task.FromResult(Ended(url, Outcome.Gone));
        });
        CampaignState campaign = await cluster.Heads.BeginCampaignAsync(new CampaignState { Key = "k", StartedAt = DateTimeOffset.UnixEpoch }, CancellationToken.None);
        VisitOrder order = new() { Campaign = campaign.Id.Number };
        VisitAnswer first = await GrainAt(cluster, cluster.Silos[0]).StartAsync(order);
        VisitAnswer again = await GrainAt(cluster, cluster.Silos[0]).StartAsync(order);
        Assert.Equal((1, true, false), (begun, first.Begun, again.Begun));
        Assert.Equal(Outcome.Gone, again.Report!.Outcome);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_visit_that_ends_after_its_grain_was_given_up_leaves_the_repository_to_others_then_and_not_before()
    {
        TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously), cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestCluster cluster = await TestCluster.StartAsync(
            postgres,
            2,
            _ => async (url, _, cancellationToken) =>
            {
                // What it writes is not to be cancelled.
                await using CancellationTokenRegistration registration = cancellationToken.Register(cut.SetResult);
                await goes.Task;
                return Ended(url, Outcome.Unchanged);
            },
            deactivation: TimeSpan.FromMilliseconds(100));
        IRepositoryGrain grain = GrainAt(cluster, cluster.Silos[0]);
        Assert.Equal(VisitState.Running, (await grain.StartAsync(new VisitOrder())).State);
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await cut.Task;
        RepositoryDirectory[] directories = [.. cluster.Silos.Select(cluster.Of<RepositoryDirectory>)];
        int place = directories[0].IsHere(Url) ? 0 : 1;
        RepositoryDirectory other = directories[1 - place];

        // Until Orleans waits for the activation no longer.
        IManagementGrain management = cluster.Of<IGrainFactory>(cluster.Silos[0]).GetGrain<IManagementGrain>(0);
        while ((await management.GetDetailedGrainStatistics()).Any(activation => activation.GrainId == grain.GetGrainId()))
        {
        }

        Assert.False((await other.TakeAsync([Url], CancellationToken.None))[0]);
        goes.SetResult();
        while (!(await other.TakeAsync([Url], CancellationToken.None))[0])
        {
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_caller_that_was_told_to_come_back_and_never_does_keeps_the_repository_for_a_moment_only()
    {
        TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 2, _ => async (url, _, _) =>
        {
            await goes.Task;
            return Ended(url, Outcome.Unchanged);
        });
        Assert.Equal(VisitState.Running, (await GrainAt(cluster, cluster.Silos[0]).StartAsync(new VisitOrder())).State);
        RepositoryDirectory[] directories = [.. cluster.Silos.Select(cluster.Of<RepositoryDirectory>)];
        RepositoryDirectory other = directories[directories[0].IsHere(Url) ? 1 : 0];
        Assert.False((await other.TakeAsync([Url], CancellationToken.None))[0]);
        goes.SetResult();

        // Idle activations are collected after two minutes: this is sooner.
        while (!(await other.TakeAsync([Url], CancellationToken.None))[0])
        {
        }
    }

    internal static SyncResult Ended(RepositoryUrl url, Outcome outcome) => new(
        new SyncReport { Url = url, Outcome = outcome, Requests = 1 }, new Visit { Url = url, StartedAt = TimeProvider.System.GetUtcNow(), Outcome = outcome }, null);

    private static IRepositoryGrain GrainAt(TestCluster cluster, Orleans.TestingHost.InProcessSiloHandle silo) => cluster.Of<IGrainFactory>(silo).GetGrain<IRepositoryGrain>(Url.ToString());
}
