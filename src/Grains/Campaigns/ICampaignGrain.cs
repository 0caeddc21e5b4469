namespace Actors.Grains.Campaigns;

/// <summary>
/// Looks after one campaign until it has ended: by a reminder, so also when every silo that worked for it has died. Key: its number.
/// Its chunks are claimed from the store by silos themselves; it never stands in their way.
/// </summary>
[Alias("actors.campaign")]
public interface ICampaignGrain : IGrainWithIntegerKey
{
    /// <summary>Begins to look after it. Repeating is harmless.</summary>
    [Alias("LookAfter")]
    Task LookAfterAsync();
}
