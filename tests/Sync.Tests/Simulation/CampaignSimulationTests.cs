using Actors.TestKit;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

public sealed class CampaignSimulationTests
{
    /// <summary>More with <c>SIMULATION_SEEDS=TO</c>, or <c>FROM-TO</c>.</summary>
    private const string DefaultSeeds = "300";

    [Fact]
    public async Task Each_repository_is_visited_once_and_no_host_is_asked_too_much_whatever_happens()
    {
        string[] seeds = (Environment.GetEnvironmentVariable("SIMULATION_SEEDS") ?? DefaultSeeds).Split('-');

        // With a context, continuations go to other threads: a simulation has one.
        SynchronizationContext.SetSynchronizationContext(null);
        using TemporaryFolder folder = new();
        for (int seed = seeds.Length == 1 ? 1 : int.Parse(seeds[0], null); seed <= int.Parse(seeds[^1], null); seed++)
        {
            try
            {
                await using CampaignSimulation simulation = new(seed, folder.FullPath);
                simulation.Run();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message} (SIMULATION_SEEDS={seed}-{seed} repeats it)", failure);
            }
        }
    }
}
