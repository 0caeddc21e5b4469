namespace Actors.Store.Heads;

public sealed partial record CampaignState
{
    /// <summary>The campaign as it is read back: times in whole milliseconds, the counts its own.</summary>
    internal CampaignState Kept() => this with
    {
        StartedAt = HeadTime.Kept(StartedAt),
        EndedAt = HeadTime.Kept(EndedAt),
        Outcomes = [.. Outcomes],
    };
}
