namespace Actors.Sync.Engines;

/// <summary>What a campaign does with its repositories.</summary>
/// <param name="Sync">One visit.</param>
/// <param name="Compact">Beside the visits, or null.</param>
/// <param name="Canary">A look at a repository that is known to be there, or null.</param>
internal sealed record CampaignSteps(SyncStep Sync, CompactionStep? Compact, CanaryStep? Canary);
