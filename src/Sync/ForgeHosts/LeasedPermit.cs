namespace Actors.Sync.ForgeHosts;

/// <summary>The right to run one sync, from a silo's lease.</summary>
/// <param name="GrantedAt">Of the grant, in the owner's time.</param>
/// <param name="Term">Counts leases of the silo that lapsed before this one: a permit of an earlier term is no right any more.</param>
/// <param name="IsCanary">To be used for the host's canary repository and nothing else.</param>
/// <param name="BegunBefore">When its start is void, in the silo's time, where the host has a rate: who has not asked the host by then needs another. Else never.</param>
public readonly record struct LeasedPermit(long GrantedAt, int Term, bool IsCanary, long BegunBefore);
