using Actors.Git.Objects;

namespace Actors.Loaders.Objects;

/// <summary>Takes in contents as they are unpacked.</summary>
internal interface IContentSink
{
    /// <summary>Adds a blob; the array belongs to the sink then.</summary>
    ValueTask<Oid> AddAsync(byte[] content, CancellationToken cancellationToken);
}
