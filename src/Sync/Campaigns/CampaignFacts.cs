namespace Actors.Sync.Campaigns;

/// <summary>What a campaign says to the question why a repository is not done.</summary>
/// <param name="View">The campaign.</param>
/// <param name="IsWorked">It is being worked now.</param>
/// <param name="HasRepository">It has taken the repository up: it waits for its turn, is visited, or is being recorded.</param>
/// <param name="GoesOnAt">After a failure of ours: not before; or null.</param>
/// <param name="Failure">That failure.</param>
public sealed record CampaignFacts(CampaignView View, bool IsWorked, bool HasRepository, DateTimeOffset? GoesOnAt = null, string? Failure = null);
