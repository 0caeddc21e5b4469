namespace Actors.Store.Index.Peers;

/// <summary>The messages. The numbers are on the wire.</summary>
internal enum PeerMessageKind : byte
{
    /// <summary><see cref="PeerChallenge"/>.</summary>
    Challenge = 1,

    /// <summary><see cref="PeerProof"/>.</summary>
    Proof = 2,

    /// <summary><see cref="PeerQuestion"/>.</summary>
    Question = 3,

    /// <summary><see cref="PeerReply"/>.</summary>
    Reply = 4,
}
