namespace Actors.Sync.Mirrors;

/// <summary>How mirrors are published.</summary>
public sealed record MirrorOptions
{
    /// <summary>Packs and refs only.</summary>
    public static MirrorOptions Default { get; } = new();

    /// <summary>Keep a bundle beside each mirror, for <c>git clone --bundle-uri</c>.</summary>
    public bool Bundle { get; init; }

    /// <summary>Bring the objects of Git LFS too.</summary>
    public bool Lfs { get; init; }

    /// <summary>Write also where another repository lies, or the mirror of another source.</summary>
    public bool TakeOver { get; init; }

    /// <summary>Packs that nothing names any more are deleted after this time.</summary>
    public TimeSpan Grace { get; init; } = Limits.MirrorGrace;

    /// <summary>Bytes of a pack, and so of the local disk for each of the few that are written at once.</summary>
    public long PackBytesMax { get; init; } = Limits.MirrorPackBytesMax;

    /// <summary>A writer has so long for its last, small writes; after it another one may go on.</summary>
    public TimeSpan ClaimTime { get; init; } = Limits.MirrorClaimTime;
}
