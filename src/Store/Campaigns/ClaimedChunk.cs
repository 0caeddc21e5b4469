using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>A chunk that the caller alone works, until its lease ends.</summary>
public sealed record ClaimedChunk
{
    public required ChunkHold Hold { get; init; }

    /// <summary>The host of all its lines, or null: lines of many hosts with few repositories each.</summary>
    public ForgeHost? Host { get; init; }

    public required IReadOnlyList<ChunkLine> Lines { get; init; }

    /// <summary>Lines that have their outcome already: bit <c>n % 8</c> of byte <c>n / 8</c> for the line at place n. As long as all lines need.</summary>
    public required ReadOnlyMemory<byte> Done { get; init; }

    /// <summary>How often it was claimed before and given back or lost.</summary>
    public int Attempts => Hold.Claim - 1;
}
