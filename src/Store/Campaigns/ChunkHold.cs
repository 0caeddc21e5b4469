using Actors.Store.Heads;

namespace Actors.Store.Campaigns;

/// <summary>A claim on a chunk: what is written under a number that is not the chunk's last one changes nothing.</summary>
/// <param name="Campaign">Whose.</param>
/// <param name="Chunk">Of the campaign, from 1.</param>
/// <param name="Claim">Of the chunk: grows with each time that it is claimed.</param>
public readonly record struct ChunkHold(CampaignId Campaign, int Chunk, int Claim);
