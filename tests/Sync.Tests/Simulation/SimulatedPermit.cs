using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Tests.Simulation;

/// <summary>A permit of a simulated cluster; given back once.</summary>
internal sealed class SimulatedPermit : IHostPermit
{
    private readonly SimulatedSilo _silo;
    private readonly HostPolicy _policy;
    private readonly long _begunAt;

    public SimulatedPermit(SimulatedSilo silo, HostPolicy policy)
    {
        (_silo, _policy, _begunAt) = (silo, policy, silo.Clock.GetUtcNow().UtcTicks);
        silo.Permits.Add(this);
    }

    public void End(HostEvidence? evidence)
    {
        if (!_silo.Permits.Remove(this))
        {
            throw new InvalidOperationException("A permit is given back twice.");
        }

        _policy.End(_begunAt, evidence ?? default, _silo.Clock.GetUtcNow().UtcTicks);
    }
}
