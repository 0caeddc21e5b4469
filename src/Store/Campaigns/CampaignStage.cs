namespace Actors.Store.Campaigns;

/// <summary>Where a stored campaign stands. Stored by number: numbers are never reused, and are those by which floors above name a campaign's phases.</summary>
public enum CampaignStage : byte
{
    /// <summary>Its list is still coming in: nobody claims of it.</summary>
    Submitting = 0,

    /// <summary>Its chunks may be claimed.</summary>
    Running = 1,

    /// <summary>Nothing new is claimed; what is claimed ends.</summary>
    Paused = 2,

    /// <summary>Every repository has its outcome.</summary>
    Done = 3,

    /// <summary>Ended before its lines.</summary>
    Cancelled = 4,
}
