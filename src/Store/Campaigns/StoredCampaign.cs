using Actors.Store.Heads;

namespace Actors.Store.Campaigns;

/// <summary>A submitted campaign and how far it is.</summary>
public sealed record StoredCampaign
{
    public required CampaignId Id { get; init; }

    /// <summary>See <see cref="NewCampaign.Order"/>.</summary>
    public required string Order { get; init; }

    public required CampaignStage Stage { get; init; }

    /// <summary>Higher goes first; campaigns of one priority share.</summary>
    public required int Priority { get; init; }

    /// <summary>When its submission began.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it was done or cancelled, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Lines of the list; of what has come so far while it is submitted.</summary>
    public long Lines { get; init; }

    /// <summary>Different repositories of the list: each gets one outcome.</summary>
    public long Repositories { get; init; }

    /// <summary>Lines that named a repository of the list again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Lines that named none.</summary>
    public long Rejected { get; init; }

    /// <summary>What its checkpoints told.</summary>
    public ChunkCounts Counts { get; init; } = ChunkCounts.None;
}
