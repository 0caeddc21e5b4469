using Actors.Store.Heads;

namespace Actors.Sync.Campaigns;

/// <summary>A submitted campaign, as who watches sees it.</summary>
public sealed record CampaignView
{
    public required CampaignId Id { get; init; }

    public required CampaignOrder Order { get; init; }

    public required CampaignPhase Phase { get; init; }

    /// <summary>When its submission began.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it was done or cancelled, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Lines of the whole list; of what has come so far while it is submitted.</summary>
    public long Lines { get; init; }

    /// <summary>How far it is. Its hosts are those that work for it now.</summary>
    public required CampaignProgress Progress { get; init; }
}
