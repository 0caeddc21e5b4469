using Actors.Git;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Sync.Outcomes;

/// <summary>
/// The one place that says what a failure is called, whose fault it is, and when it makes sense to come again. Pure: the
/// time comes in, and chance too, where the caller wants visits spread.
/// </summary>
public static class OutcomeRules
{
    /// <summary>What the remote did.</summary>
    /// <param name="failure">Its failure.</param>
    /// <param name="earlierFailures">Visits that failed since the last success, without this one.</param>
    /// <param name="now">The time of this visit.</param>
    /// <param name="jitter">Spreads times by up to a tenth, or null: exact times.</param>
    public static Verdict Judge(RemoteFailure failure, int earlierFailures, DateTimeOffset now, Random? jitter = null)
    {
        ArgumentNullException.ThrowIfNull(failure);
        (Outcome outcome, Fault fault) = Name(failure);
        return Judge(outcome, fault, failure.Message, earlierFailures, now, failure.RetryAfter, jitter);
    }

    /// <summary>What was thrown while we worked: bad bytes, our own disk, our own bug. Cancellation is none of these.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="earlierFailures">Visits that failed since the last success, without this one.</param>
    /// <param name="now">The time of this visit.</param>
    /// <param name="jitter">Spreads times by up to a tenth, or null: exact times.</param>
    public static Verdict Judge(Exception exception, int earlierFailures, DateTimeOffset now, Random? jitter = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            GitFormatException { Kind: GitFormatError.OverLimit } => Judge(
                Outcome.OverLimit, Fault.Repository, exception.Message, earlierFailures, now, jitter: jitter),
            GitFormatException => Judge(
                Outcome.Corrupt, Fault.Repository, exception.Message, earlierFailures, now, jitter: jitter),
            IOException or UnauthorizedAccessException => Judge(
                Outcome.Failed, Fault.Ours, $"our own storage failed: {exception.Message}", earlierFailures, now, jitter: jitter),
            _ => Judge(
                Outcome.Failed, Fault.Ours, $"our own failure: {exception.GetType().Name}: {exception.Message}", earlierFailures, now, jitter: jitter),
        };
    }

    /// <summary>What a sync decided itself: a shallow remote, a collision, its deadline.</summary>
    /// <param name="outcome">A failing outcome.</param>
    /// <param name="fault">Whose it is.</param>
    /// <param name="error">For a person.</param>
    /// <param name="earlierFailures">Visits that failed since the last success, without this one.</param>
    /// <param name="now">The time of this visit.</param>
    /// <param name="retryAfter">How long the remote asked us to wait, where it did.</param>
    /// <param name="jitter">Spreads times by up to a tenth, or null: exact times.</param>
    public static Verdict Judge(
        Outcome outcome,
        Fault fault,
        string error,
        int earlierFailures,
        DateTimeOffset now,
        TimeSpan? retryAfter = null,
        Random? jitter = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        TimeSpan delay = retryAfter is { } asked && asked > TimeSpan.Zero
            ? TimeSpan.FromTicks(Math.Min(asked.Ticks, Limits.RetryAfterMax.Ticks))
            : Growing(outcome, earlierFailures);
        if (jitter is not null)
        {
            delay *= 1 + (jitter.NextDouble() / 10);
        }

        return new Verdict(outcome, fault, error.Length <= Limits.ErrorCharsMax ? error : error[..Limits.ErrorCharsMax], now + delay);
    }

    private static (Outcome Outcome, Fault Fault) Name(RemoteFailure failure) => failure.Kind switch
    {
        RemoteFailureKind.Unreachable => (Outcome.Unreachable, Fault.Network),
        RemoteFailureKind.TimedOut => (Outcome.TimedOut, Fault.Network),
        RemoteFailureKind.NotFound => (Outcome.Gone, Fault.Repository),
        // Some forges throttle with 401 or 403: a time to come again tells it from a refusal.
        RemoteFailureKind.Unauthorized or RemoteFailureKind.Forbidden when failure.RetryAfter is not null => (Outcome.Throttled, Fault.Forge),
        RemoteFailureKind.Unauthorized or RemoteFailureKind.Forbidden => (Outcome.Refused, Fault.Repository),
        RemoteFailureKind.Throttled => (Outcome.Throttled, Fault.Forge),
        RemoteFailureKind.ServerError or RemoteFailureKind.RemoteError => (Outcome.Failed, Fault.Forge),
        RemoteFailureKind.NotOurRef => (Outcome.Failed, Fault.Repository),
        RemoteFailureKind.CutOff => (Outcome.Failed, Fault.Network),
        RemoteFailureKind.Malformed => (Outcome.Corrupt, Fault.Repository),
        RemoteFailureKind.OverLimit => (Outcome.OverLimit, Fault.Repository),
        RemoteFailureKind.Unsupported => (Outcome.Unsupported, Fault.Ours),
        RemoteFailureKind.BadRedirect => (Outcome.Moved, Fault.Repository),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure.Kind, "A failure without a rule."),
    };

    /// <summary>Doubles with each failure in a row. What time heals starts with minutes, what people must heal with days.</summary>
    private static TimeSpan Growing(Outcome outcome, int earlierFailures)
    {
        (TimeSpan first, TimeSpan most) = outcome switch
        {
            Outcome.Throttled => (TimeSpan.FromMinutes(1), TimeSpan.FromHours(6)),
            Outcome.Unreachable or Outcome.TimedOut or Outcome.Failed or Outcome.Partial => (TimeSpan.FromMinutes(10), TimeSpan.FromDays(1)),
            Outcome.Gone or Outcome.Refused or Outcome.Moved or Outcome.Corrupt => (TimeSpan.FromDays(1), TimeSpan.FromDays(30)),
            Outcome.OverLimit or Outcome.Unsupported => (TimeSpan.FromDays(7), TimeSpan.FromDays(60)),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a failing outcome."),
        };
        int doublings = Math.Clamp(earlierFailures, 0, 20);
        return TimeSpan.FromTicks(Math.Min(first.Ticks << doublings, most.Ticks));
    }
}
