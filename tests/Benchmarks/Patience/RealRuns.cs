using System.Globalization;
using Actors.Benchmarks.Unchanged;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Objects;
using Actors.Sync.Campaigns;
using Actors.Sync.Engines;
using Actors.Sync.ForgeHosts;
using Actors.TestKit.Forges;
using Actors.Web.Forges;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Benchmarks.Patience;

/// <summary>Real requests over HTTP to a limited forge on this machine.</summary>
internal static class RealRuns
{
    private const int Repositories = 100_000;

    /// <summary>Two campaigns of the in-process engine, each cut off after the time: the second begins with what the first learnt.</summary>
    public static async Task<(LimitFigures First, LimitFigures Second)> RunEngineAsync(int seconds)
    {
        using TestKit.TemporaryFolder folder = new();
        RequestLimiter limiter = new(PatienceBenchmark.Limit);
        await using LocalForge forge = await StartAsync(folder.FullPath, limiter);
        await using GitClient client = new(new GitClientOptions());
        await using MemoryObjectStore objects = new();
        await using MemoryHeadStore heads = new();
        await using LocalEngine engine = new(
            client, objects, heads, TimeProvider.System, new Random(1), NullLoggerFactory.Instance, new LocalEngineOptions { SpoolFolder = folder["spool"], Grace = TimeSpan.Zero });
        LimitFigures first = await RunAsync(engine, forge, limiter, 0, seconds);
        return (first, await RunAsync(engine, forge, limiter, Repositories, seconds));
    }

    private static async Task<LimitFigures> RunAsync(LocalEngine engine, LocalForge forge, RequestLimiter limiter, int from, int seconds)
    {
        using StringReader list = new(string.Join('\n', Enumerable.Range(from, Repositories).Select(n => forge.UrlOf(n.ToString(CultureInfo.InvariantCulture)))));
        CampaignRequest request = new()
        {
            List = list,
            Key = "patience",
            HostLimits = new HostLimits(64, double.PositiveInfinity),

            // As a host of the internet: this machine's own is an open door.
            HostRules = new HostRuleBook(new Dictionary<string, HostRules> { [forge.Address.Authority] = new() { Concurrency = 64 } }, new HostRules()),
        };
        (long allowed, long refused, long bans) = (limiter.Allowed, limiter.Refused, limiter.Bans);
        using CancellationTokenSource time = new(TimeSpan.FromSeconds(seconds));
        try
        {
            await engine.RunAsync(request, new CountingObserver(), time.Token);
        }
        catch (OperationCanceledException)
        {
            // Time is over.
        }

        allowed = limiter.Allowed - allowed;
        return new LimitFigures(allowed, limiter.Refused - refused, limiter.Bans - bans, allowed / (limiter.Limit.RequestsPerSecond * seconds));
    }

    /// <summary>So many loops of the same client.</summary>
    public static async Task<LimitFigures> RunPoolAsync(int workers, int seconds)
    {
        using TestKit.TemporaryFolder folder = new();
        RequestLimiter limiter = new(PatienceBenchmark.Limit);
        await using LocalForge forge = await StartAsync(folder.FullPath, limiter);
        await using GitClient client = new(new GitClientOptions());
        using CancellationTokenSource time = new(TimeSpan.FromSeconds(seconds));
        int number = 0;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    RepositoryUrl url = RepositoryUrl.Parse(forge.UrlOf(Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture)));
                    ProbeReply reply = await client.ProbeAsync(url, RefSelection.Default, time.Token);
                    if (reply.Failure is { } failure)
                    {
                        await Task.Delay(failure.RetryAfter ?? TimeSpan.FromSeconds(1), time.Token);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Time is over.
            }
        })));
        return Figures(limiter, seconds);
    }

    private static LimitFigures Figures(RequestLimiter limiter, int seconds) =>
        new(limiter.Allowed, limiter.Refused, limiter.Bans, limiter.Allowed / (limiter.Limit.RequestsPerSecond * seconds));

    /// <summary>Every repository is there and empty: what counts is the request.</summary>
    private static Task<LocalForge> StartAsync(string folder, RequestLimiter limiter) => LocalForge.StartAsync(new LocalForgeOptions
    {
        Folder = folder,
        Behaviour = new ForgeBehaviour
        {
            Latency = TimeSpan.FromMilliseconds(80),
            Answer = _ => limiter.Ask(TimeProvider.System.GetUtcNow()) switch
            {
                { Allowed: true } => CannedAnswer.Of(200, "0000", ("Content-Type", "application/x-git-upload-pack-result")),
                { RetryAfter: { } wait } => CannedAnswer.Of(429, "slow down", ("Retry-After", wait.TotalSeconds.ToString(CultureInfo.InvariantCulture))),
                _ => CannedAnswer.Of(429, "slow down"),
            },
        },
    });
}
