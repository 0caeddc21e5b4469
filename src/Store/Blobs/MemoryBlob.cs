namespace Actors.Store.Blobs;

/// <summary>One blob in memory; its bytes never change.</summary>
internal sealed record MemoryBlob(byte[] Bytes, DateTimeOffset WrittenAt);
