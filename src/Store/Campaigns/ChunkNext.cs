namespace Actors.Store.Campaigns;

/// <summary>What follows a checkpoint.</summary>
public enum ChunkNext : byte
{
    /// <summary>The work goes on; the lease begins anew.</summary>
    GoOn = 0,

    /// <summary>The chunk is given back: others may claim what is not done.</summary>
    Release = 1,

    /// <summary>All lines are done.</summary>
    Close = 2,
}
