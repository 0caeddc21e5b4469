using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Outcomes;
using Actors.Sync.Repositories;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

/// <summary>
/// The forges of a simulation, asked by a campaign's workers. Every answer comes after a random time of the simulated clock. Checks
/// with each request what a forge may expect of us.
/// </summary>
internal sealed class SimulatedForges(HostLimits limits, Random random)
{
    private readonly HashSet<RepositoryUrl> _running = [];

    public Dictionary<ForgeHost, SimulatedHost> Hosts { get; } = [];

    public ManualTimeProvider Clock { get; set; } = new();

    public int Requests { get; private set; }

    /// <summary>Faults have stopped: everything answers.</summary>
    public bool Healthy { get; set; }

    /// <summary>The engine was dropped: nobody waits for the answers under way.</summary>
    public void Forget()
    {
        _running.Clear();
        foreach (SimulatedHost host in Hosts.Values)
        {
            host.Running = 0;
        }
    }

    public Task<SyncResult> SyncAsync(RepositoryUrl url, RepositoryState? known, CancellationToken cancellationToken)
    {
        SimulatedHost host = Hosts[url.Host];
        DateTimeOffset now = Clock.GetUtcNow();
        Requests++;
        host.Requests++;
        Assert.True(_running.Add(url), $"{url} is visited twice at once");
        Assert.True(++host.Running <= limits.Concurrency, $"{host.Name} sees {host.Running} at once");
        Assert.True(now >= host.SilentUntil, $"{host.Name} asked for silence until {host.SilentUntil:O}; asked at {now:O}");
        CheckRate(host, now);
        host.RunningSeen = Math.Max(host.RunningSeen, host.Running);
        RemoteFailure? failure = Healthy ? null : Fail(host, url, now);
        TaskCompletionSource<SyncResult> answer = new();
        ManualTimeProvider clock = Clock;
        CancellationTokenRegistration cancelled = default;
        ITimer timer = clock.CreateTimer(_ => Answer(), null, TimeSpan.FromMilliseconds(random.Next(1, failure is null ? 3000 : 30_000)), Timeout.InfiniteTimeSpan);
        cancelled = cancellationToken.Register(() =>
        {
            timer.Dispose();
            End();
            answer.TrySetCanceled(cancellationToken);
        });
        return answer.Task;

        void Answer()
        {
            cancelled.Dispose();
            End();
            if (failure?.RetryAfter is { } silence)
            {
                host.SilentUntil = Later(host.SilentUntil, clock.GetUtcNow() + silence);
            }

            answer.SetResult(Result(url, known, failure, now));
        }

        void End()
        {
            host.Running--;
            _running.Remove(url);
        }
    }

    private void CheckRate(SimulatedHost host, DateTimeOffset now)
    {
        host.Begun.Enqueue(now);
        while (now - host.Begun.Peek() >= TimeSpan.FromSeconds(1))
        {
            host.Begun.Dequeue();
        }

        // What a second earns, and what the bucket held when it began.
        double most = limits.RequestsPerSecond + Math.Max(1, limits.RequestsPerSecond / 10);
        Assert.True(host.Begun.Count <= Math.Ceiling(most), $"{host.Name} sees {host.Begun.Count} requests in a second");
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private RemoteFailure? Fail(SimulatedHost host, RepositoryUrl url, DateTimeOffset now)
    {
        if (now >= host.Down.From && now < host.Down.To)
        {
            return new RemoteFailure(random.Next(3) == 0 ? RemoteFailureKind.TimedOut : RemoteFailureKind.Unreachable, "nobody there");
        }

        while (host.Window.TryPeek(out DateTimeOffset oldest) && now - oldest > TimeSpan.FromSeconds(10))
        {
            host.Window.Dequeue();
        }

        host.Window.Enqueue(now);
        if (host.WindowMax > 0 && host.Window.Count > host.WindowMax)
        {
            return new RemoteFailure(RemoteFailureKind.Throttled, "slow down", 429, host.TellsRetryAfter ? TimeSpan.FromSeconds(random.Next(0, 90)) : null);
        }

        if (host.OneInFails == 0 || url.ToString().Sum(c => c) % host.OneInFails != 0)
        {
            return null;
        }

        RemoteFailureKind kind = (RemoteFailureKind)random.Next((int)RemoteFailureKind.NotFound, (int)RemoteFailureKind.BadRedirect + 1);
        return kind == RemoteFailureKind.Throttled ? null : new RemoteFailure(kind, "odd");
    }

    private static SyncResult Result(RepositoryUrl url, RepositoryState? known, RemoteFailure? failure, DateTimeOffset startedAt)
    {
        Outcome outcome = failure is null ? known?.SucceededAt is null ? Outcome.New : Outcome.Unchanged : default;
        DateTimeOffset? retryAt = null;
        if (failure is not null)
        {
            Verdict verdict = OutcomeRules.Judge(failure, known?.Failures ?? 0, startedAt);
            (outcome, retryAt) = (verdict.Outcome, verdict.RetryAt);
        }

        SyncReport report = new() { Url = url, Outcome = outcome, RetryAt = retryAt, Error = failure?.Message, Requests = 1 };
        Visit visit = new()
        {
            Url = url,
            StartedAt = startedAt,
            Outcome = outcome,
            RetryAt = retryAt,
            Error = failure?.Message,
            NewSnapshot = outcome == Outcome.New ? Snapshot.Empty : null,
        };
        return new SyncResult(report, visit, failure);
    }
}
