namespace Actors.Web.Forges;

/// <summary>What is done to one answer of git's.</summary>
public sealed record AnswerSpoiling
{
    /// <summary>Waited before it begins.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What happens in it.</summary>
    public AnswerDamage Damage { get; init; }

    /// <summary>At this byte of the body; an answer that is shorter stays whole.</summary>
    public long AtByte { get; init; }
}
