namespace Actors.Store.Objects;

/// <summary>How an attempt to make packs visible ended.</summary>
public enum CommitStatus
{
    /// <summary>Visible and durable.</summary>
    Committed,

    /// <summary>Something that the packs refer to is nowhere: kept aside.</summary>
    NotClosed,

    /// <summary>An object has the id of a stored one and other content: kept aside.</summary>
    Collision,
}
