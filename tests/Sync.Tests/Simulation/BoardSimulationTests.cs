using Actors.TestKit;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

public sealed class BoardSimulationTests
{
    /// <summary>More with <c>SIMULATION_SEEDS=TO</c>, or <c>FROM-TO</c>.</summary>
    private const string DefaultSeeds = "20";

    [Fact]
    public async Task Campaigns_at_once_ask_no_host_too_much_and_each_ends_with_one_line_a_repository_whatever_happens()
    {
        string[] seeds = (Environment.GetEnvironmentVariable("SIMULATION_SEEDS") ?? DefaultSeeds).Split('-');

        // With a context, continuations go to other threads: a simulation has one.
        SynchronizationContext.SetSynchronizationContext(null);
        for (int seed = seeds.Length == 1 ? 1 : int.Parse(seeds[0], null); seed <= int.Parse(seeds[^1], null); seed++)
        {
            try
            {
                using TemporaryFolder folder = new();
                await using BoardSimulation simulation = new(seed, folder.FullPath);
                await simulation.RunAsync();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message} (SIMULATION_SEEDS={seed}-{seed} repeats it)", failure);
            }
        }
    }
}
