using Actors.Grains.ForgeHosts;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.Repositories;

/// <summary>A permit and the gate that it goes back to.</summary>
internal sealed record HeldPermit(HostGate Gate, LeasedPermit Permit, CancellationToken Lapsed)
{
    public void End(HostEvidence? evidence) => Gate.End(Permit, evidence);
}
