namespace Actors.Sync.ForgeHosts;

/// <summary>A host's part of the spool: chunks in the file in order, then a tail that is not written yet.</summary>
internal sealed class SpooledChain
{
    /// <summary>Offset and length of chunks in the file, oldest first.</summary>
    public Queue<(long Offset, int Length, int Count)> Chunks { get; } = new();

    /// <summary>The tail's bytes, from the front.</summary>
    public byte[] Tail { get; set; } = [];

    public int TailLength { get; set; }

    public int TailCount { get; set; }

    /// <summary>Repositories in chunks and tail.</summary>
    public long Count { get; set; }
}
