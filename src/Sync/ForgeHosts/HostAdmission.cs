namespace Actors.Sync.ForgeHosts;

/// <summary>What is said to a visit that wants to begin.</summary>
/// <param name="Answer">
/// <see cref="PermitAnswer.Granted"/>; <see cref="PermitAnswer.NotYet"/>: the host is silent for longer than is worth waiting;
/// <see cref="PermitAnswer.GivenUp"/>: it has not answered for long.
/// </param>
/// <param name="Permit">With <see cref="PermitAnswer.Granted"/>.</param>
/// <param name="RetryIn">Without a permit: when to come again.</param>
public readonly record struct HostAdmission(PermitAnswer Answer, IHostPermit? Permit, TimeSpan RetryIn);
