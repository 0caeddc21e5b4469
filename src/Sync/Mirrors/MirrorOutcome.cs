namespace Actors.Sync.Mirrors;

/// <summary>How the publication of a mirror ended.</summary>
public enum MirrorOutcome
{
    /// <summary>There was none; now there is.</summary>
    Created,

    /// <summary>It shows the source's heads again.</summary>
    Updated,

    /// <summary>It shows them already.</summary>
    Unchanged,

    /// <summary>The source could not be synced; the mirror, if there is one, is as it was.</summary>
    Kept,

    /// <summary>The target refused, could not be reached, or is not for us. Readers see what they saw before.</summary>
    Failed,
}
