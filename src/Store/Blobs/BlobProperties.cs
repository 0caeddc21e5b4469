namespace Actors.Store.Blobs;

/// <summary>What is known of a blob without reading it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Length">In bytes.</param>
/// <param name="WrittenAt">By the store's clock.</param>
public readonly record struct BlobProperties(BlobKey Key, long Length, DateTimeOffset WrittenAt);
