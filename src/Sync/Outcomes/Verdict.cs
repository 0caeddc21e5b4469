using Actors.Store.Heads;

namespace Actors.Sync.Outcomes;

/// <summary>How a failing sync is told: what it is called, whose it is, and when to come again.</summary>
/// <param name="Outcome">A failing outcome.</param>
/// <param name="Fault">Who should look at it.</param>
/// <param name="Error">For a person; at most <see cref="Limits.ErrorCharsMax"/> characters, without credentials.</param>
/// <param name="RetryAt">Not before this time again.</param>
public sealed record Verdict(Outcome Outcome, Fault Fault, string Error, DateTimeOffset RetryAt);
