using Actors.Git.Objects;

namespace Actors.Store.Index.Peers;

/// <summary>Who answers the questions of other processes.</summary>
internal interface IPeerAnswers
{
    /// <summary>Looks up a batch.</summary>
    /// <param name="sequenceMin">The asker has seen the store at this sequence.</param>
    /// <param name="oids">In any order.</param>
    /// <param name="found">As long: gets a pack's sequence, or -1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    ValueTask<PeerStatus> AnswerAsync(long sequenceMin, ReadOnlyMemory<Oid> oids, Memory<long> found, CancellationToken cancellationToken);
}
