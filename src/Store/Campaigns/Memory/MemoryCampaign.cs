using Actors.Store.Campaigns.Submissions;
using Actors.Store.Heads;

namespace Actors.Store.Campaigns.Memory;

/// <summary>A campaign in memory; used under its store's lock.</summary>
internal sealed class MemoryCampaign(CampaignId id, NewCampaign told, DateTimeOffset now)
{
    private readonly List<(short Counter, long Value)> _counts = [];

    public CampaignId Id => id;

    public CampaignStage Stage { get; set; } = CampaignStage.Submitting;

    public int Priority { get; set; } = told.Priority;

    public DateTimeOffset? EndedAt { get; set; }

    public SubmissionTally Tally { get; set; }

    public List<MemoryChunk> Chunks { get; } = [];

    public List<byte[]> Report { get; } = [];

    public void Count(ChunkCounts counts)
    {
        ChunkCounts sum = ChunkCounts.Of(_counts.Concat(counts.List()).ToList());
        _counts.Clear();
        _counts.AddRange(sum.List());
    }

    /// <summary>Ends it, when all is done.</summary>
    public bool TryEnd(DateTimeOffset at)
    {
        if (Stage is not (CampaignStage.Running or CampaignStage.Paused) || !Chunks.TrueForAll(c => c.Closed))
        {
            return false;
        }

        (Stage, EndedAt) = (CampaignStage.Done, at);
        return true;
    }

    public StoredCampaign Show() => new()
    {
        Id = id,
        Order = told.Order,
        Stage = Stage,
        Priority = Priority,
        SubmittedAt = now,
        EndedAt = EndedAt,
        Lines = Tally.Lines,
        Repositories = Tally.Repositories,
        Duplicates = Tally.Duplicates,
        Rejected = Tally.Rejected,
        Counts = ChunkCounts.Of(_counts),
    };
}
