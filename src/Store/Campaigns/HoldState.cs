namespace Actors.Store.Campaigns;

/// <summary>What became of a claim.</summary>
public enum HoldState : byte
{
    /// <summary>Another has it, it was given back or ended: what was to be written was not, and nothing may be begun any more.</summary>
    Lost = 0,

    /// <summary>It goes on.</summary>
    Held = 1,

    /// <summary>It is still the caller's, and was written; but its campaign is paused or cancelled: begin nothing more, then give it back.</summary>
    Stop = 2,
}
