using Actors.Git.Remotes;

namespace Actors.Store.Campaigns.Memory;

/// <summary>A chunk of a campaign in memory.</summary>
internal sealed class MemoryChunk
{
    public required int Number { get; init; }

    public required ForgeHost? Host { get; init; }

    public required ChunkLine[] Lines { get; init; }

    public required byte[] Done { get; set; }

    public required DateTimeOffset FreeAt { get; set; }

    public int Claim { get; set; }

    public int Checkpoint { get; set; }

    public string? Holder { get; set; }

    public bool Closed { get; set; }

    public int CountDone()
    {
        int count = 0;
        foreach (byte bits in Done)
        {
            count += System.Numerics.BitOperations.PopCount(bits);
        }

        return count;
    }
}
