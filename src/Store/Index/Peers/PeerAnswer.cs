namespace Actors.Store.Index.Peers;

/// <summary>What a question asks for. The numbers are on the wire.</summary>
internal enum PeerAnswer : byte
{
    /// <summary>A bit an oid.</summary>
    Presence = 1,

    /// <summary>The sequence of a pack an oid, or -1: eight bytes.</summary>
    Packs = 2,
}
