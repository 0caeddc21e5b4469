using Actors.Grains.ForgeHosts;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.Repositories;

/// <summary>A permit and the gate that it goes back to.</summary>
/// <param name="Gate">Whose.</param>
/// <param name="Permit">Of the silo's lease.</param>
/// <param name="Lapsed">Cancelled when the permit is no right any more: the visit ends at once, and counts for nothing.</param>
internal sealed record HeldPermit(HostGate Gate, LeasedPermit Permit, CancellationToken Lapsed) : IHostPermit
{
    /// <summary>Right before the host is asked: this one, or another where this one's start is void by now; null: there is none for now. This one is not to be given back.</summary>
    public Task<HeldPermit?> RenewAsync(CancellationToken cancellationToken) => Gate.RenewAsync(this, cancellationToken);

    public void End(HostEvidence? evidence) => Gate.End(Permit, evidence);
}
