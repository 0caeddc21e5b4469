namespace Actors.Store.Blobs;

/// <summary>How much a local cache of blobs keeps, and how it fetches.</summary>
internal sealed record BlobCacheOptions
{
    public static BlobCacheOptions Default { get; } = new();

    /// <summary>Bytes of fetched blocks kept on the disk. What is rented stays beyond it.</summary>
    public long BytesMax { get; init; } = 16L << 30;

    /// <summary>What is fetched at least, and remembered as present or not. A blob of up to two blocks is fetched whole.</summary>
    public int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of one request at most; each takes a buffer of that size.</summary>
    public int RequestBytesMax { get; init; } = 8 << 20;

    /// <summary>Requests on their way for one blob.</summary>
    public int RequestsMax { get; init; } = 4;
}
