using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Loaders.Downloads;

/// <summary>
/// The patience of the hosts that releases' files lie on, where that is not the host whose permit the visit holds: the policy of forge hosts, one permit a
/// download. One for a process; what a host taught is forgotten with it.
/// </summary>
/// <param name="rules">What each host is allowed.</param>
/// <param name="limits">What all are allowed at most.</param>
/// <param name="clock">Of waits.</param>
/// <param name="random">Spreads silences; used under a lock.</param>
public sealed class FileHosts(HostRuleBook rules, HostLimits limits, TimeProvider clock, Random random)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ForgeHost, (HostPolicy Policy, TaskCompletionSource Ended)> _hosts = [];

    /// <summary>Whose patience a download from an address spends.</summary>
    internal static ForgeHost HostOf(Uri address) => ForgeHost.Parse((address.IsDefaultPort ? address.Host : $"{address.Host}:{address.Port}").ToLowerInvariant());

    /// <summary>Waits for a permit, as long as a download waits.</summary>
    /// <exception cref="DownloadException">The host is silent for longer, or is given up.</exception>
    internal Task<FilePermit> BeginAsync(ForgeHost host, CancellationToken cancellationToken) => BeginAsync(host, Limits.WaitMax, null, cancellationToken);

    /// <summary>Waits for a permit.</summary>
    /// <param name="host">Whose.</param>
    /// <param name="waitMax">The longest wait.</param>
    /// <param name="waiting">Told until when the host is to be left alone, before each wait; null: nobody is.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DownloadException">The host is silent for longer than that, or is given up.</exception>
    internal async Task<FilePermit> BeginAsync(ForgeHost host, TimeSpan waitMax, Action<ForgeHost, DateTimeOffset>? waiting, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task ended;
            TimeSpan wait = Timeout.InfiniteTimeSpan;
            lock (_lock)
            {
                if (!_hosts.TryGetValue(host, out (HostPolicy Policy, TaskCompletionSource Ended) at))
                {
                    at = _hosts[host] = (new HostPolicy(rules.Find(host, limits), random), NewEnd());
                }

                long now = clock.GetUtcNow().UtcTicks;
                switch (at.Policy.TryBegin(now))
                {
                    case PermitAnswer.Granted:
                        return new FilePermit(this, host, now);
                    case PermitAnswer.GivenUp:
                        throw new DownloadException(new RemoteFailure(RemoteFailureKind.Unreachable, $"{host} did not answer for long."));
                    case PermitAnswer.NotYet:
                        wait = TimeSpan.FromTicks(at.Policy.ReadyAt - now);
                        break;
                }

                ended = at.Ended.Task;
            }

            if (wait > waitMax)
            {
                throw new DownloadException(new RemoteFailure(RemoteFailureKind.Throttled, $"{host} has asked for patience.", RetryAfter: wait));
            }

            if (wait > TimeSpan.Zero)
            {
                waiting?.Invoke(host, clock.GetUtcNow() + wait);
            }

            // Whichever comes first: another download's end may have changed everything.
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _ = await Task.WhenAny(ended, Task.Delay(wait, clock, stop.Token)).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Takes a permit back.</summary>
    internal void End(FilePermit permit, HostEvidence evidence)
    {
        TaskCompletionSource ended;
        lock (_lock)
        {
            (HostPolicy policy, ended) = _hosts[permit.Host];
            policy.End(permit.BegunAt, evidence, clock.GetUtcNow().UtcTicks);
            _hosts[permit.Host] = (policy, NewEnd());
        }

        _ = ended.TrySetResult();
    }

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
