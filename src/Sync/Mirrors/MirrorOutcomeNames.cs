namespace Actors.Sync.Mirrors;

/// <summary>Names of <see cref="MirrorOutcome"/> as reports and people read them.</summary>
public static class MirrorOutcomeNames
{
    /// <summary>All outcomes, in the order of summaries.</summary>
    public static IReadOnlyList<MirrorOutcome> All { get; } = Enum.GetValues<MirrorOutcome>();

    /// <summary>In lower case.</summary>
    public static string ToName(this MirrorOutcome outcome) => outcome switch
    {
        MirrorOutcome.Created => "created",
        MirrorOutcome.Updated => "updated",
        MirrorOutcome.Unchanged => "unchanged",
        MirrorOutcome.Kept => "kept",
        _ => "failed",
    };
}
