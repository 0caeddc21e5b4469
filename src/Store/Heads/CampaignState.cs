namespace Actors.Store.Heads;

/// <summary>A submitted list and how far it is.</summary>
public sealed partial record CampaignState
{
    public CampaignId Id { get; init; }

    /// <summary>What identifies the list, so that <c>--resume</c> finds it: source name and options.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Lines from the start of the list that are all done: a resumed campaign begins after them.</summary>
    public long LinesDone { get; init; }

    /// <summary>Visits ended so far, by outcome (index: the outcome's number).</summary>
    public IReadOnlyList<long> Outcomes { get; init; } = [];

    /// <summary>When it ended, or null while it runs or waits to be resumed.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
