namespace Actors.Store.Blobs;

/// <summary>How a blob is written.</summary>
public sealed record BlobPutOptions
{
    /// <summary>Replaces whatever has the name.</summary>
    public static BlobPutOptions Replace { get; } = new();

    /// <summary>For blobs named by their content.</summary>
    public static BlobPutOptions Absent { get; } = new() { OnlyIfAbsent = true };

    /// <summary>Leaves a blob of that name as it is.</summary>
    public bool OnlyIfAbsent { get; init; }

    /// <summary>The media type that HTTP readers are told.</summary>
    public string ContentType { get; init; } = "application/octet-stream";
}
