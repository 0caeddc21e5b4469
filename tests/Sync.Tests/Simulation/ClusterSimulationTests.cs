using Xunit;

namespace Actors.Sync.Tests.Simulation;

public sealed class ClusterSimulationTests
{
    /// <summary>More with <c>SIMULATION_SEEDS=TO</c>, or <c>FROM-TO</c>.</summary>
    private const string DefaultSeeds = "100";

    [Fact]
    public async Task Each_repository_has_one_outcome_whatever_happens_to_the_silos_that_work_its_chunk()
    {
        string[] seeds = (Environment.GetEnvironmentVariable("SIMULATION_SEEDS") ?? DefaultSeeds).Split('-');

        // With a context, continuations go to other threads: a simulation has one.
        SynchronizationContext.SetSynchronizationContext(null);
        for (int seed = seeds.Length == 1 ? 1 : int.Parse(seeds[0], null); seed <= int.Parse(seeds[^1], null); seed++)
        {
            try
            {
                await using ClusterSimulation simulation = new(seed);
                simulation.Run();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message} (SIMULATION_SEEDS={seed}-{seed} repeats it)", failure);
            }
        }
    }
}
