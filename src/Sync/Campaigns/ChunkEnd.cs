namespace Actors.Sync.Campaigns;

/// <summary>How the work on a chunk ended.</summary>
public enum ChunkEnd : byte
{
    /// <summary>Every line has its outcome.</summary>
    Done,

    /// <summary>Given back: drained, its campaign was paused, or its hosts are silent.</summary>
    GivenBack,

    /// <summary>The claim was lost: another works it, or will.</summary>
    Lost,
}
