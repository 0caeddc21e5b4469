using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary>What a gate says to a sync that wants to begin.</summary>
/// <param name="Answer"><see cref="PermitAnswer.Granted"/>, or why it is not to be waited for: silent for long, or given up.</param>
/// <param name="Permit">To be given back by <see cref="HostGate.End"/>.</param>
/// <param name="RetryIn">Without a permit: when to come again.</param>
/// <param name="Lapsed">Cancelled when the permit is no right any more: the sync ends at once, and counts for nothing.</param>
internal readonly record struct Admission(PermitAnswer Answer, LeasedPermit Permit, TimeSpan RetryIn, CancellationToken Lapsed);
