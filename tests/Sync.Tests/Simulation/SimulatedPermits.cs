using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.Simulation;

/// <summary>One patience for each host of a simulated cluster, asked by the silos' chunks.</summary>
internal sealed class SimulatedPermits(HostLimits limits, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<ForgeHost, HostPolicy> _policies = [];

    public IHostPermits Of(SimulatedSilo silo) => new SiloDoor(this, silo);

    private HostPolicy Find(ForgeHost host)
    {
        if (!_policies.TryGetValue(host, out HostPolicy? policy))
        {
            _policies.Add(host, policy = new HostPolicy(HostRuleBook.Presets.Find(host, limits), random));
        }

        return policy;
    }

    /// <summary>One silo's doors.</summary>
    private sealed class SiloDoor(SimulatedPermits owner, SimulatedSilo silo) : IHostPermits
    {
        private readonly Dictionary<ForgeHost, int> _waiting = [];

        public void AddWaiting(ForgeHost host, int more) =>
            Assert.True((_waiting[host] = _waiting.GetValueOrDefault(host) + more) >= 0, $"fewer than none wait for {host}");

        public async Task<HostAdmission> EnterAsync(ForgeHost host, CancellationToken cancellationToken)
        {
            HostPolicy policy = owner.Find(host);
            while (true)
            {
                await silo.AnswerAsync();
                cancellationToken.ThrowIfCancellationRequested();
                long now = silo.Clock.GetUtcNow().UtcTicks;
                PermitAnswer answer = policy.TryBegin(now);
                TimeSpan wait = answer == PermitAnswer.NotYet ? TimeSpan.FromTicks(policy.ReadyAt - now) : TimeSpan.FromMilliseconds(300);
                if (answer == PermitAnswer.Granted)
                {
                    return new HostAdmission(answer, new SimulatedPermit(silo, policy), default);
                }

                if (answer == PermitAnswer.GivenUp || wait > Patience)
                {
                    return new HostAdmission(answer == PermitAnswer.GivenUp ? answer : PermitAnswer.NotYet, null, wait > Patience ? wait : TimeSpan.Zero);
                }

                // Whole milliseconds, upwards: a shorter delay is none. Not cancelled: what waits would go on on another thread.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), silo.Clock, CancellationToken.None);
            }
        }
    }
}
