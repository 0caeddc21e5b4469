using Actors.Git.Remotes;

namespace Actors.Store.Campaigns.Submissions;

/// <summary>A chunk that is to be written.</summary>
/// <param name="Host">Of all lines, or null: of many hosts.</param>
/// <param name="Count">Lines.</param>
/// <param name="Lines">As <see cref="ChunkLines"/> packs them.</param>
internal sealed record ChunkDraft(ForgeHost? Host, int Count, byte[] Lines);
