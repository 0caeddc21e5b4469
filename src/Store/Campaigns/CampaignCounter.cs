namespace Actors.Store.Campaigns;

/// <summary>What is counted beside outcomes, whose numbers are below 64. Kept: numbers are never reused.</summary>
internal enum CampaignCounter : short
{
    Skipped = 64,
    Objects = 65,
    BytesReceived = 66,
    BytesSaved = 67,
    Requests = 68,
}
