using Actors.Git.Remotes;
using Actors.Grains.ForgeHosts;
using Actors.Grains.Tests.Repositories;
using Actors.Store.Heads;
using Actors.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Actors.Grains.Tests.ForgeHosts;

public sealed class LearntServersTests(SharedPostgres postgres)
{
    [Fact]
    public async Task What_is_learnt_while_it_is_written_disturbs_nobody()
    {
        await using GitClient client = new(new GitClientOptions());
        await using TestCluster cluster = await TestCluster.StartAsync(
            postgres, 1, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)), more: parts => parts with { Client = client });
        LearntServers learnt = cluster.Silos[0].SiloHost.Services.GetServices<IHostedService>().OfType<LearntServers>().Single();
        Task learns = Task.Run(() =>
        {
            for (int number = 0; number < 20_000; number++)
            {
                client.Profiles.Learn(ForgeHost.Parse($"forge{number}.example"), new ServerProfile(2));
            }
        });
        do
        {
            await learnt.SaveAsync(CancellationToken.None);
        }
        while (!learns.IsCompleted);

        await learns;
        await learnt.SaveAsync(CancellationToken.None);
        Assert.Equal(20_000, await cluster.Heads.ListForgeHostsAsync(CancellationToken.None).CountAsync());
    }

    [Fact]
    public async Task What_servers_taught_a_silo_is_in_the_head_database_when_it_has_ended_beside_what_else_is_known_of_them()
    {
        ForgeHost host = ForgeHost.Parse("forge.example"), other = ForgeHost.Parse("other.example");
        await using GitClient client = new(new GitClientOptions());
        await using TestCluster cluster = await TestCluster.StartAsync(
            postgres, 1, _ => (url, _, _) => Task.FromResult(RepositoryGrainTests.Ended(url, Outcome.Unchanged)), more: parts => parts with { Client = client });
        await cluster.Heads.SaveForgeHostAsync(new ForgeHostState(other, null, null, "slow"), CancellationToken.None);
        client.Profiles.Learn(host, new ServerProfile(2, Filter: true, Agent: "git/2.50.0"));
        client.Profiles.Learn(other, new ServerProfile(1));
        client.Profiles.Learn(other, new ServerProfile(0));
        await cluster.StopAsync(cluster.Silos[0]);
        List<ForgeHostState> kept = [];
        await foreach (ForgeHostState state in cluster.Heads.ListForgeHostsAsync(CancellationToken.None))
        {
            kept.Add(state);
        }

        Assert.Equal([new ForgeHostState(host, "v2 sha1 filter agent=git/2.50.0", null, null), new ForgeHostState(other, "v0 sha1", null, "slow")], kept);
    }
}
