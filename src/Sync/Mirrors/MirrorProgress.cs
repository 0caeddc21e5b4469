namespace Actors.Sync.Mirrors;

/// <summary>How far the publication of mirrors is.</summary>
public sealed record MirrorProgress
{
    /// <summary>Mirrors of the campaign.</summary>
    public required int Mirrors { get; init; }

    /// <summary>Mirrors that ended, by outcome (index: the outcome's number).</summary>
    public required IReadOnlyList<long> Outcomes { get; init; }

    /// <summary>Mirrors that are being published now.</summary>
    public int Running { get; init; }

    /// <summary>Bytes written to targets by what has ended.</summary>
    public long BytesSent { get; init; }

    /// <summary>Objects new to mirrors.</summary>
    public long NewObjects { get; init; }

    /// <summary>Mirrors that ended.</summary>
    public long Ended => Outcomes.Sum();

    /// <summary>Mirrors that ended so.</summary>
    public long Count(MirrorOutcome outcome) => Outcomes[(int)outcome];
}
