using System.Collections.Concurrent;
using Actors.TestKit;
using Xunit;

namespace Actors.Sync.Tests.Simulation.Fleets;

public sealed class FleetSimulationTests(ITestOutputHelper output)
{
    /// <summary>Others with <c>FLEET_SEEDS=TO</c>, or <c>FROM-TO</c>.</summary>
    private const string DefaultSeeds = "10000";

    [Fact]
    public void Whatever_forges_do_no_host_is_asked_too_much_every_outcome_is_true_and_in_peace_all_converge()
    {
        string[] given = (Environment.GetEnvironmentVariable("FLEET_SEEDS") ?? DefaultSeeds).Split('-');
        int from = given.Length == 1 ? 1 : int.Parse(given[0], null), to = int.Parse(given[^1], null);
        using TemporaryFolder folder = new();
        ConcurrentQueue<(int Seed, Exception Failure)> failures = [];
        long visits = 0, refused = 0;
        int next = from - 1, largest = 0;

        // One thread each, without a context, so that nothing goes on elsewhere.
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        output.WriteLine($"{to - from + 1} seeds, {visits} visits, {refused} requests refused as too many, the largest fleet has {largest} repositories");
        if (failures.OrderBy(failure => failure.Seed).FirstOrDefault() is { Failure: { } first } failed)
        {
            throw new InvalidOperationException($"Seed {failed.Seed}: {first.Message} (FLEET_SEEDS={failed.Seed}-{failed.Seed} repeats it)", first);
        }

        void Work()
        {
            for (int seed; failures.IsEmpty && (seed = Interlocked.Increment(ref next)) <= to;)
            {
                FleetSimulation simulation = new(FleetOptions.Of(seed), seed, folder.FullPath);
                try
                {
                    simulation.Run();
                }
                catch (Exception failure)
                {
                    failures.Enqueue((seed, failure));
                }

                Interlocked.Add(ref visits, simulation.Visits);
                Interlocked.Add(ref refused, simulation.Refused);
                lock (failures)
                {
                    largest = Math.Max(largest, simulation.Repositories);
                }
            }
        }
    }

    [Fact]
    public void A_seed_repeats_itself_to_the_last_outcome()
    {
        using TemporaryFolder folder = new();
        foreach (int seed in (int[])[3, 17, 2024])
        {
            Assert.Equal(Trace(seed), Trace(seed));
        }

        string Trace(int seed)
        {
            FleetSimulation simulation = new(FleetOptions.Of(seed), seed, folder.FullPath);
            Alone(() => simulation.Run());
            return string.Join(' ', simulation.Outcomes.OrderBy(pair => pair.Key)) + " " + simulation.Ended.ToString("O");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_hour_of_chaos_loses_nothing_and_tells_nothing_wrong(int seed)
    {
        FleetOptions options = new()
        {
            Hosts = 12, RepositoriesPerHost = 40, Jobs = 32, LimitedShare = 0.4, DownShare = 0.3, FaultShare = 0.15, PrivateShare = 0.05, LyingShare = 0.1, ChangeShare = 0.02, InterruptedShare = 0.4,
        };
        using TemporaryFolder folder = new();
        FleetSimulation simulation = new(options, seed, folder.FullPath);
        Alone(() => simulation.Run(TimeSpan.FromHours(1)));
        output.WriteLine($"{simulation.Visits} visits to {simulation.Repositories} repositories: {string.Join(", ", simulation.Outcomes.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
    }

    private static void Alone(Action run)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                run();
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }
}
