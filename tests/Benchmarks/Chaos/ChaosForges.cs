using System.Globalization;
using Actors.Store.Heads;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.Web.Forges;

namespace Actors.Benchmarks.Chaos;

/// <summary>Forges that throttle, ban, stall, lie and hide, with real git behind them, and owners who change their repositories meanwhile.</summary>
internal sealed class ChaosForges : IAsyncDisposable
{
    private static readonly RequestLimit Limit = new() { RequestsPerSecond = 4, Burst = 6, RefusalsToBan = 5, BanTime = TimeSpan.FromSeconds(8) };

    private static readonly (string Name, ForgeScriptOptions Script, Outcome[] Failures)[] Vices =
    [
        ("limited, with bans, as GitHub", new() { Limit = Limit, Accent = ForgeAccent.GitHub }, [Outcome.Throttled, Outcome.Refused]),
        ("limited, never says for how long", new() { Limit = Limit with { TellsRetryAfter = false, RefusalsToBan = 0 }, Accent = ForgeAccent.Silent }, [Outcome.Throttled]),
        ("late, stalls, resets", new() { FaultShare = 0.25, SlowTime = TimeSpan.FromSeconds(2), Faults = [ForgeDeed.SlowStart, ForgeDeed.Stall, ForgeDeed.StallInPack, ForgeDeed.ResetInPack, ForgeDeed.Reset] }, [Outcome.TimedOut, Outcome.Failed, Outcome.Unreachable]),
        ("changed bytes, half answers, HTML, errors", new() { FaultShare = 0.25, Faults = [ForgeDeed.BentPack, ForgeDeed.Truncate, ForgeDeed.Garbage, ForgeDeed.ServerError] }, [Outcome.Corrupt, Outcome.Failed, Outcome.Unsupported]),
        ("private every other 20 seconds, some deleted", new() { PrivateShare = 0.3, GoneShare = 0.1, FlipTime = TimeSpan.FromSeconds(20), FaultShare = 0.05 }, [Outcome.Refused, Outcome.Throttled, Outcome.Gone, Outcome.Corrupt, Outcome.Failed, Outcome.Unsupported]),
        ("a limit and all faults", new() { Limit = Limit, FaultShare = 0.1, Faults = ForgeScriptOptions.AllFaults }, [Outcome.Throttled, Outcome.TimedOut, Outcome.Failed, Outcome.Corrupt, Outcome.Unreachable, Outcome.Unsupported]),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly List<HostileForge> _forges = [];

    public List<ChaosRepository> Repositories { get; } = [];

    public IReadOnlyList<HostileForge> Forges => _forges;

    public static async Task<ChaosForges> StartAsync(int repositoriesEach, int seed)
    {
        ChaosForges all = new();
        for (int number = 0; number < Vices.Length; number++)
        {
            (string vice, ForgeScriptOptions script, _) = Vices[number];
            string served = all._folder.Make($"forge{number}");
            HostileForge forge = await HostileForge.StartAsync(new LocalForgeOptions { Folder = served }, script, seed + number);
            all._forges.Add(forge);
            GitFixture? first = null;
            for (int repository = 0; repository < repositoriesEach; repository++)
            {
                string path = string.Create(CultureInfo.InvariantCulture, $"{repository}.git");
                GitFixture source = first is null || repository % 4 == 0 ? new GitFixture(Path.Combine(served, path), seed: (number * 1000) + repository).AddHistory(30) : first.ForkTo(Path.Combine(served, path));
                source.Seed = (number * 1000) + repository;
                first = repository % 4 == 0 ? source : first;
                if (repository % 10 == 3)
                {
                    source.AddRefs(500, "refs/tags/nightly-{0}", "main");
                }

                all.Repositories.Add(new ChaosRepository(forge.Forge.UrlOf(path), vice, source));
            }
        }

        return all;
    }

    /// <summary>Whether such a failure is what such a forge does.</summary>
    public static bool MayFail(string vice, Outcome outcome) => Vices.Single(one => one.Name == vice).Failures.Contains(outcome);

    /// <summary>Nothing goes wrong by chance any more; limits and deletions stay.</summary>
    public void Calm() => _forges.ForEach(forge => forge.Script.Healthy = true);

    /// <summary>Owners change something some times a second, until cancelled.</summary>
    public async Task ChangeAsync(int seed, CancellationToken cancellationToken)
    {
        Random random = new(seed);
        try
        {
            while (true)
            {
                await Task.Run(() => Repositories[random.Next(Repositories.Count)].Change(random), CancellationToken.None);
                await Task.Delay(200, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HostileForge forge in _forges)
        {
            await forge.DisposeAsync();
        }

        _folder.Dispose();
    }
}
