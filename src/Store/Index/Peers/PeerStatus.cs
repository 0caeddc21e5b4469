namespace Actors.Store.Index.Peers;

/// <summary>How a question was taken. The numbers are on the wire.</summary>
internal enum PeerStatus : byte
{
    /// <summary>Answered.</summary>
    Ok = 0,

    /// <summary>An oid is of a range that is not here.</summary>
    NotHere = 1,

    /// <summary>The asker has seen a newer store, and this process could not catch up.</summary>
    Behind = 2,
}
