namespace Actors.Store.Campaigns.Submissions;

/// <summary>A part of a list, to be written in one step.</summary>
/// <param name="Number">1, 2, 3…</param>
/// <param name="Last">With it the list is whole, and may be worked.</param>
/// <param name="Tally">Of all that has come so far.</param>
/// <param name="FirstChunk">Number of the first of <paramref name="Chunks"/>.</param>
/// <param name="Chunks">In order of their numbers.</param>
/// <param name="Report">Lines for the report.</param>
internal sealed record SubmissionPart(
    int Number, bool Last, SubmissionTally Tally, int FirstChunk, IReadOnlyList<ChunkDraft> Chunks, IReadOnlyList<ReadOnlyMemory<byte>> Report);
