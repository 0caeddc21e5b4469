namespace Actors.Sync.Campaigns;

/// <summary>Where a submitted campaign stands. Numbers are kept and never reused.</summary>
public enum CampaignPhase : byte
{
    /// <summary>Its list is still coming in; nothing of it is worked.</summary>
    Submitting = 0,

    /// <summary>Worked, or waiting for its turn behind others of higher priority.</summary>
    Running = 1,

    /// <summary>Nothing new is taken up; what runs ends.</summary>
    Paused = 2,

    /// <summary>Every line has its outcome.</summary>
    Done = 3,

    /// <summary>Ended before its lines: what was done is stored, the rest stays as it was.</summary>
    Cancelled = 4,
}
