using System.Collections.Concurrent;
using System.Text;
using Actors.Git.Remotes;
using Actors.Grains.Registry;
using Actors.Grains.Tests.Repositories;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.TestKit.Servers;
using Orleans.Runtime;
using Orleans.TestingHost;
using Xunit;

namespace Actors.Grains.Tests.Registry;

public sealed class RepositoryDirectoryTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Two_campaigns_with_the_same_list_never_visit_a_repository_at_once_and_each_ends_with_all_of_it()
    {
        const int Repositories = 300;
        ConcurrentDictionary<RepositoryUrl, int> running = new();
        int most = 0;
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 3, _ => async (url, _, cancellationToken) =>
        {
            int now = running.AddOrUpdate(url, 1, (_, n) => n + 1);
            InterlockedMax(ref most, now);
            for (int turn = 0; turn < 20; turn++)
            {
                await Task.Yield();
            }

            running.AddOrUpdate(url, 0, (_, n) => n - 1);
            return RepositoryGrainTests.Ended(url, Outcome.Unchanged);
        });
        byte[] list = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, Repositories).Select(n => $"https://forge{n % 3}.example/owner/{n}")));
        ICampaignBoard board = cluster.Of<ICampaignBoard>(cluster.Silos[0]);
        CampaignId[] campaigns =
        [
            await board.SubmitAsync(new CampaignOrder(), new MemoryStream(list), CancellationToken.None),
            await board.SubmitAsync(new CampaignOrder(), new MemoryStream(list), CancellationToken.None),
        ];
        foreach (CampaignId campaign in campaigns)
        {
            CampaignView? last = null;
            await foreach (CampaignView view in board.WatchAsync(campaign, CancellationToken.None))
            {
                last = view;
            }

            Assert.Equal((CampaignPhase.Done, Repositories), (last!.Phase, last.Progress.Outcomes[(int)Outcome.Unchanged]));
        }

        Assert.Equal(1, most);
        await foreach (RepositoryState state in cluster.Heads.ListAsync(CancellationToken.None))
        {
            Assert.Equal(2, state.Visit);
        }
    }

    [Fact]
    public async Task What_a_silo_holds_outlives_the_silo_of_its_registry_and_what_a_killed_silo_held_is_free()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(postgres, 3, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)));
        RepositoryUrl[] urls = [.. Enumerable.Range(0, 40).Select(n => RepositoryUrl.Parse($"https://forge{n}.example/owner/name"))];
        InProcessSiloHandle killed = cluster.Silos[0], holder = cluster.Silos[1], other = cluster.Silos[2];
        Assert.All(await cluster.Of<RepositoryDirectory>(killed).TakeAsync(urls[..20], CancellationToken.None), Assert.True);
        Assert.All(await cluster.Of<RepositoryDirectory>(holder).TakeAsync(urls[20..], CancellationToken.None), Assert.True);
        Assert.All(await cluster.Of<RepositoryDirectory>(other).TakeAsync(urls, CancellationToken.None), Assert.False);

        // Some of the forty registries were in the silo that dies.
        await cluster.KillAsync(killed);
        IReadOnlyList<bool> taken;
        do
        {
            taken = await cluster.Of<RepositoryDirectory>(other).TakeAsync(urls[..20], CancellationToken.None);
            Array.ForEach([.. urls[..20].Where((_, i) => taken[i])], cluster.Of<RepositoryDirectory>(other).Release);
        }
        while (!taken.All(t => t));

        Assert.All(await cluster.Of<RepositoryDirectory>(other).TakeAsync(urls[20..], CancellationToken.None), Assert.False);
        Array.ForEach(urls[20..], cluster.Of<RepositoryDirectory>(holder).Release);
        do
        {
            taken = await cluster.Of<RepositoryDirectory>(other).TakeAsync(urls[20..], CancellationToken.None);
            Array.ForEach([.. urls[20..].Where((_, i) => taken[i])], cluster.Of<RepositoryDirectory>(other).Release);
        }
        while (!taken.All(t => t));
    }

    private static void InterlockedMax(ref int most, int now)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < now && Interlocked.CompareExchange(ref most, now, seen) != seen)
        {
        }
    }
}
