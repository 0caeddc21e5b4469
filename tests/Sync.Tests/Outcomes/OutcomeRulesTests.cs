using Actors.Git;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;
using Xunit;

namespace Actors.Sync.Tests.Outcomes;

public sealed class OutcomeRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(RemoteFailureKind.Unreachable, Outcome.Unreachable, Fault.Network)]
    [InlineData(RemoteFailureKind.TimedOut, Outcome.TimedOut, Fault.Network)]
    [InlineData(RemoteFailureKind.NotFound, Outcome.Gone, Fault.Repository)]
    [InlineData(RemoteFailureKind.Unauthorized, Outcome.Refused, Fault.Repository)]
    [InlineData(RemoteFailureKind.Forbidden, Outcome.Refused, Fault.Repository)]
    [InlineData(RemoteFailureKind.Throttled, Outcome.Throttled, Fault.Forge)]
    [InlineData(RemoteFailureKind.ServerError, Outcome.Failed, Fault.Forge)]
    [InlineData(RemoteFailureKind.RemoteError, Outcome.Failed, Fault.Forge)]
    [InlineData(RemoteFailureKind.NotOurRef, Outcome.Failed, Fault.Repository)]
    [InlineData(RemoteFailureKind.CutOff, Outcome.Failed, Fault.Network)]
    [InlineData(RemoteFailureKind.Malformed, Outcome.Corrupt, Fault.Repository)]
    [InlineData(RemoteFailureKind.OverLimit, Outcome.OverLimit, Fault.Repository)]
    [InlineData(RemoteFailureKind.Unsupported, Outcome.Unsupported, Fault.Ours)]
    [InlineData(RemoteFailureKind.BadRedirect, Outcome.Moved, Fault.Repository)]
    public void Each_failure_of_a_remote_has_its_outcome_and_fault(RemoteFailureKind kind, Outcome outcome, Fault fault)
    {
        Verdict verdict = OutcomeRules.Judge(new RemoteFailure(kind, "why"), 0, Now);

        Assert.Equal((outcome, fault, "why"), (verdict.Outcome, verdict.Fault, verdict.Error));
    }

    [Fact]
    public void No_kind_of_failure_is_without_a_rule()
    {
        foreach (RemoteFailureKind kind in Enum.GetValues<RemoteFailureKind>())
        {
            Assert.False(OutcomeRules.Judge(new RemoteFailure(kind, ""), 0, Now).Outcome.IsSuccess());
        }
    }

    [Theory]
    [InlineData(RemoteFailureKind.Unauthorized)]
    [InlineData(RemoteFailureKind.Forbidden)]
    public void A_refusal_that_says_when_to_come_again_is_throttling(RemoteFailureKind kind)
    {
        Verdict verdict = OutcomeRules.Judge(new RemoteFailure(kind, "", 403, TimeSpan.FromMinutes(5)), 3, Now);

        Assert.Equal((Outcome.Throttled, Fault.Forge, Now.AddMinutes(5)), (verdict.Outcome, verdict.Fault, verdict.RetryAt));
    }

    [Theory]
    [InlineData(RemoteFailureKind.Throttled, 0, 1)]
    [InlineData(RemoteFailureKind.Throttled, 3, 8)]
    [InlineData(RemoteFailureKind.Throttled, 50, 6 * 60)]
    [InlineData(RemoteFailureKind.TimedOut, 0, 10)]
    [InlineData(RemoteFailureKind.TimedOut, 2, 40)]
    [InlineData(RemoteFailureKind.TimedOut, 30, 24 * 60)]
    [InlineData(RemoteFailureKind.NotFound, 0, 24 * 60)]
    [InlineData(RemoteFailureKind.NotFound, 1, 2 * 24 * 60)]
    [InlineData(RemoteFailureKind.NotFound, int.MaxValue, 30 * 24 * 60)]
    [InlineData(RemoteFailureKind.Unsupported, 0, 7 * 24 * 60)]
    public void The_time_to_wait_doubles_with_failures_in_a_row_up_to_a_bound(RemoteFailureKind kind, int earlier, int minutes)
    {
        Assert.Equal(Now.AddMinutes(minutes), OutcomeRules.Judge(new RemoteFailure(kind, ""), earlier, Now).RetryAt);
    }

    [Fact]
    public void A_remote_that_asks_for_years_is_asked_again_after_a_week()
    {
        var failure = new RemoteFailure(RemoteFailureKind.Throttled, "", 429, TimeSpan.FromDays(4000));

        Assert.Equal(Now.AddDays(7), OutcomeRules.Judge(failure, 0, Now).RetryAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_time_to_wait_that_is_none_is_not_believed(int seconds)
    {
        var failure = new RemoteFailure(RemoteFailureKind.Throttled, "", 429, TimeSpan.FromSeconds(seconds));

        Assert.Equal(Now.AddMinutes(1), OutcomeRules.Judge(failure, 0, Now).RetryAt);
    }

    [Fact]
    public void Chance_spreads_times_by_a_tenth_and_only_where_it_is_given()
    {
        var failure = new RemoteFailure(RemoteFailureKind.TimedOut, "");
        DateTimeOffset exact = OutcomeRules.Judge(failure, 0, Now).RetryAt;
        DateTimeOffset spread = OutcomeRules.Judge(failure, 0, Now, new Random(7)).RetryAt;

        Assert.InRange(spread, exact.AddTicks(1), exact.AddMinutes(1));
        Assert.Equal(spread, OutcomeRules.Judge(failure, 0, Now, new Random(7)).RetryAt);
    }

    [Theory]
    [InlineData(GitFormatError.OverLimit, Outcome.OverLimit)]
    [InlineData(GitFormatError.Checksum, Outcome.Corrupt)]
    [InlineData(GitFormatError.Truncated, Outcome.Corrupt)]
    [InlineData(GitFormatError.Collision, Outcome.Corrupt)]
    public void Bad_bytes_are_the_repositorys_fault(GitFormatError kind, Outcome outcome)
    {
        Verdict verdict = OutcomeRules.Judge(new GitFormatException(kind, "bad"), 0, Now);

        Assert.Equal((outcome, Fault.Repository), (verdict.Outcome, verdict.Fault));
    }

    [Theory]
    [MemberData(nameof(OurOwn))]
    public void Our_own_disk_and_our_own_bugs_are_our_fault(Exception exception)
    {
        Verdict verdict = OutcomeRules.Judge(exception, 0, Now);

        Assert.Equal((Outcome.Failed, Fault.Ours), (verdict.Outcome, verdict.Fault));
        Assert.Contains(exception.Message, verdict.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_text_is_cut_at_the_length_that_a_visit_keeps()
    {
        var failure = new RemoteFailure(RemoteFailureKind.RemoteError, new string('x', 5000));

        Assert.Equal(1000, OutcomeRules.Judge(failure, 0, Now).Error.Length);
    }

    public static TheoryData<Exception> OurOwn() =>
        [new IOException("No space left on device"), new UnauthorizedAccessException("denied"), new InvalidOperationException("a bug")];
}
