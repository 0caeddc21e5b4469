using Actors.Git.Objects;

namespace Actors.Store.ExtIds;

/// <summary>
/// External ids and objects, both ways, and contents by their plain digests. Batched; safe for concurrent calls. Written after
/// the objects and the snapshot that they name: what is missing here costs a download, and what is here is only believed
/// together with a snapshot. Nothing is ever removed; writing the same again is harmless.
/// </summary>
public interface IExtIdStore : IAsyncDisposable
{
    /// <summary>All links of a batch of ids, each list at its id's place; empty where there is none.</summary>
    ValueTask<IReadOnlyList<IReadOnlyList<ExtIdLink>>> FindAsync(IReadOnlyList<ExtId> ids, CancellationToken cancellationToken);

    /// <summary>The external ids of an object, in order of type, version and value.</summary>
    ValueTask<IReadOnlyList<ExtIdLink>> FindByTargetAsync(Oid target, CancellationToken cancellationToken);

    /// <summary>The content with this plain digest of 40 (SHA-1) or 64 (SHA-256) hex digits, or null. Of several with one SHA-1, the one with the smallest oid.</summary>
    ValueTask<ContentName?> FindContentAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Adds links and contents in one transaction. A link that stands for an object replaces the negative one of its id.</summary>
    /// <exception cref="ArgumentException">An id that is none; nothing is written.</exception>
    ValueTask RecordAsync(IReadOnlyList<ExtIdLink> links, IReadOnlyList<ContentName> contents, CancellationToken cancellationToken);

    /// <summary>The mark of the last answer to a question, or null.</summary>
    ValueTask<AnswerMark?> FindAnswerAsync(string key, CancellationToken cancellationToken);

    /// <summary>Remembers an answer's mark in place of the one before. Written after the visit: one that is missing costs an answer, one that belongs to another visit is not used.</summary>
    /// <exception cref="ArgumentException">Without key or validator, or too long.</exception>
    ValueTask RecordAnswerAsync(AnswerMark answer, CancellationToken cancellationToken);
}
