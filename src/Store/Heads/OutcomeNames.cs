namespace Actors.Store.Heads;

/// <summary>The names of outcomes in reports, logs and on screens.</summary>
public static class OutcomeNames
{
    /// <summary>All outcomes, in the order in which reports list them.</summary>
    public static IReadOnlyList<Outcome> All { get; } = Enum.GetValues<Outcome>();

    /// <summary>The outcome's name: <c>new</c>, <c>timed-out</c>…</summary>
    public static string ToName(this Outcome outcome) => outcome switch
    {
        Outcome.New => "new",
        Outcome.Updated => "updated",
        Outcome.Unchanged => "unchanged",
        Outcome.Empty => "empty",
        Outcome.Moved => "moved",
        Outcome.Gone => "gone",
        Outcome.Refused => "refused",
        Outcome.Throttled => "throttled",
        Outcome.Unreachable => "unreachable",
        Outcome.TimedOut => "timed-out",
        Outcome.Corrupt => "corrupt",
        Outcome.OverLimit => "over-limit",
        Outcome.Unsupported => "unsupported",
        Outcome.Failed => "failed",
        Outcome.Partial => "partial",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };

    /// <summary>Whether the repository is as the remote has it, as far as this visit was asked to bring it.</summary>
    public static bool IsSuccess(this Outcome outcome) =>
        outcome is Outcome.New or Outcome.Updated or Outcome.Unchanged or Outcome.Empty;

    /// <summary>Whether a visit with this outcome may leave new heads.</summary>
    public static bool BringsHeads(this Outcome outcome) => outcome.IsSuccess() || outcome == Outcome.Partial;
}
