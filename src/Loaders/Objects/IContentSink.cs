using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>Takes in contents as they are unpacked.</summary>
internal interface IContentSink
{
    /// <summary>Adds a blob; the array belongs to the sink then.</summary>
    /// <param name="path">Where it lies in its release: what lay there in the one before may resemble it.</param>
    /// <param name="content">All of it.</param>
    /// <param name="cancellationToken">Ends waiting for room.</param>
    ValueTask<Oid> AddAsync(string path, byte[] content, CancellationToken cancellationToken);

    /// <summary>A content that was added before; null where it cannot be had back.</summary>
    ValueTask<ReadOnlyMemory<byte>?> RecallAsync(Oid oid, CancellationToken cancellationToken);
}
