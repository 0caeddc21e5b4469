using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

public sealed partial class HostPolicyTests
{
    private static readonly HostEvidence Answered = new(HostEvidenceKind.Answered);
    private static readonly HostEvidence Throttled = new(HostEvidenceKind.Throttled);
    private static readonly HostEvidence Unreachable = new(HostEvidenceKind.Unreachable);
    private static readonly HostEvidence RefusedKnown = new(HostEvidenceKind.RefusedKnown);
    private static readonly long Start = new DateTime(2026, 1, 1).Ticks;

    private readonly HostPolicy _policy = new(HostRules.Open(new HostLimits(8, double.PositiveInfinity)), new Random(1));
    private long _now = Start;

    [Fact]
    public void Concurrency_is_what_the_limits_say()
    {
        Assert.Equal(8, Enumerable.Range(0, 20).Count(_ => _policy.TryBegin(_now) == PermitAnswer.Granted));
        Assert.Equal(PermitAnswer.Saturated, _policy.TryBegin(_now));
        _policy.End(_now, Answered, _now);
        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
    }

    [Theory]
    [InlineData(0.5, 1, 0.5)]
    [InlineData(1, 1, 1)]
    [InlineData(50, 5, 50)]
    public void Rate_is_a_bucket_of_a_tenth_of_a_second(double rate, int atOnce, double aSecond)
    {
        HostPolicy policy = new(HostRules.Open(new HostLimits(10_000, rate)), new Random(1));
        int begun = 0;
        while (policy.TryBegin(_now) == PermitAnswer.Granted)
        {
            begun++;
        }

        Assert.Equal(atOnce, begun);
        long end = _now + TimeSpan.FromSeconds(100).Ticks;
        while (_now < end)
        {
            _now = policy.ReadyAt;
            Assert.Equal(PermitAnswer.Granted, policy.TryBegin(_now));
            Assert.Equal(PermitAnswer.NotYet, policy.TryBegin(_now));
            begun++;
        }

        Assert.Equal(100 * aSecond, begun - atOnce, 1.0);
    }

    [Fact]
    public void Clock_that_is_set_back_gives_no_permits_away()
    {
        HostPolicy policy = new(HostRules.Open(new HostLimits(100, 1)), new Random(1));
        Assert.Equal(PermitAnswer.Granted, policy.TryBegin(_now));
        Assert.Equal(PermitAnswer.NotYet, policy.TryBegin(_now - TimeSpan.FromHours(1).Ticks));
        Assert.Equal(PermitAnswer.NotYet, policy.TryBegin(_now - TimeSpan.FromHours(1).Ticks));
    }

    [Fact]
    public void Retry_after_is_obeyed_to_the_tick()
    {
        EndOne(new HostEvidence(HostEvidenceKind.Throttled, TimeSpan.FromSeconds(90)));
        long until = _now + TimeSpan.FromSeconds(90).Ticks;
        Assert.Equal(PermitAnswer.NotYet, _policy.TryBegin(until - 1));
        Assert.Equal(until, _policy.ReadyAt);
        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(until));
    }

    [Fact]
    public void Retry_after_is_a_second_at_least_and_a_day_at_most()
    {
        EndOne(new HostEvidence(HostEvidenceKind.Throttled, TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(1), TimeSpan.FromTicks(_policy.SilentUntil - _now));
        _now = _policy.SilentUntil;
        EndOne(new HostEvidence(HostEvidenceKind.Throttled, TimeSpan.FromDays(4000)));
        Assert.Equal(TimeSpan.FromHours(24), TimeSpan.FromTicks(_policy.SilentUntil - _now));
    }

    [Fact]
    public void Throttling_halves_the_concurrency_and_clean_answers_bring_it_back()
    {
        foreach (int allowed in (int[])[4, 2, 1, 1])
        {
            EndOne(Throttled);
            Assert.Equal(allowed, _policy.Allowed);
            _now = _policy.SilentUntil;
            EndOne(Answered);
        }

        int answers = 0;
        for (; _policy.Allowed < 8; answers++)
        {
            EndOne(Answered);
        }

        // From one to what was allowed last is quick, beyond it takes eight answers for each permit.
        Assert.Equal(216, answers);
        EndOne(Answered);
        Assert.Equal(8, _policy.Allowed);
    }

    [Fact]
    public void Answers_to_what_began_before_the_throttling_are_one_wave()
    {
        for (int permit = 0; permit < 8; permit++)
        {
            Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
        }

        long begunAt = _now;
        _now += TimeSpan.FromSeconds(1).Ticks;
        for (int permit = 0; permit < 8; permit++)
        {
            _policy.End(begunAt, Throttled, _now);
        }

        Assert.Equal(4, _policy.Allowed);
        Assert.InRange(TimeSpan.FromTicks(_policy.SilentUntil - _now), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12.5));
        Assert.Equal(8, _policy.ThrottledCount);
    }

    [Fact]
    public void Silence_grows_with_each_throttling_up_to_a_bound_and_is_forgotten_after_clean_answers()
    {
        foreach (int seconds in (int[])[10, 20, 40, 80, 160, 320, 640, 1280, 2560, 2560])
        {
            EndOne(Throttled);
            Assert.InRange(TimeSpan.FromTicks(_policy.SilentUntil - _now).TotalSeconds, seconds, seconds * 1.25);
            _now = _policy.SilentUntil;
        }

        for (int answer = 0; answer < HostPolicy.AnswersToForget; answer++)
        {
            EndOne(Answered);
        }

        EndOne(Throttled);
        Assert.InRange(TimeSpan.FromTicks(_policy.SilentUntil - _now).TotalSeconds, 10, 12.5);
    }

    [Fact]
    public void Known_repositories_refused_three_times_in_a_row_count_as_throttling()
    {
        EndOne(RefusedKnown);
        EndOne(RefusedKnown);
        EndOne(Answered);
        EndOne(RefusedKnown);
        EndOne(RefusedKnown);
        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
        _policy.End(_now, RefusedKnown, _now);
        Assert.Equal(PermitAnswer.NotYet, _policy.TryBegin(_now));
        Assert.Equal(4, _policy.Allowed);
    }

    [Fact]
    public void Dead_host_gets_canaries_and_is_then_given_up()
    {
        for (int row = 0; row < HostPolicy.UnreachableRowMax; row++)
        {
            EndOne(Unreachable);
        }

        foreach (int seconds in (int[])[5, 10, 20])
        {
            Assert.Equal(PermitAnswer.NotYet, _policy.TryBegin(_now));
            Assert.Equal(TimeSpan.FromSeconds(seconds), TimeSpan.FromTicks(_policy.ReadyAt - _now));
            _now = _policy.ReadyAt;
            Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
            Assert.Equal(PermitAnswer.Saturated, _policy.TryBegin(_now));
            _policy.End(_now, Unreachable, _now);
        }

        Assert.Equal(PermitAnswer.GivenUp, _policy.TryBegin(_now));
        _now += HostPolicy.GivenUpFor.Ticks - 1;
        Assert.Equal(PermitAnswer.GivenUp, _policy.TryBegin(_now++));
        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
        _policy.End(_now, Unreachable, _now);
        Assert.Equal(PermitAnswer.GivenUp, _policy.TryBegin(_now));
    }

    [Fact]
    public void Canary_that_is_answered_opens_the_host_again()
    {
        for (int row = 0; row < HostPolicy.UnreachableRowMax; row++)
        {
            EndOne(Unreachable);
        }

        _now += HostPolicy.CanaryFirst.Ticks;
        EndOne(Answered);
        Assert.Equal(8, Enumerable.Range(0, 20).Count(_ => _policy.TryBegin(_now) == PermitAnswer.Granted));
    }

    [Fact]
    public void Failures_between_answers_do_not_count_as_a_dead_host()
    {
        for (int time = 0; time < 100; time++)
        {
            EndOne(time % HostPolicy.UnreachableRowMax == 0 ? Answered : Unreachable);
        }

        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
    }

    [Fact]
    public void What_was_learnt_survives_a_restart()
    {
        EndOne(Throttled);
        _now = _policy.SilentUntil;
        EndOne(Answered);
        EndOne(new HostEvidence(HostEvidenceKind.Throttled, TimeSpan.FromMinutes(7)));
        HostPolicy restored = new(HostRules.Open(new HostLimits(8, double.PositiveInfinity)), new Random(2));
        restored.Restore(_policy.ToText(), _policy.SilentUntil);
        Assert.Equal(PermitAnswer.NotYet, restored.TryBegin(_policy.SilentUntil - 1));
        Assert.Equal(PermitAnswer.Granted, restored.TryBegin(_policy.SilentUntil));
        Assert.Equal(PermitAnswer.NotYet, restored.TryBegin(_policy.SilentUntil));
        restored.End(_policy.SilentUntil, Answered, _policy.SilentUntil);
        Assert.Equal((2, 2), (restored.Allowed, restored.State.SilenceStep));
    }

    [Fact]
    public void Host_that_was_down_begins_with_one_canary_after_a_restart()
    {
        HostPolicy restored = new(HostRules.Open(new HostLimits(8, double.PositiveInfinity)), new Random(2));
        restored.Restore("{\"allowed\":8,\"broken\":true}", 0);
        Assert.Equal(PermitAnswer.Granted, restored.TryBegin(_now));
        Assert.Equal(PermitAnswer.Saturated, restored.TryBegin(_now));
        restored.End(_now, Answered, _now);
        Assert.Equal(8, Enumerable.Range(0, 20).Count(_ => restored.TryBegin(_now) == PermitAnswer.Granted));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 allowed=1 step=1 down=0")]
    [InlineData("{\"allowed\":\"x\"}")]
    [InlineData("{")]
    public void Text_of_another_version_is_forgotten(string text)
    {
        _policy.Restore(text, 0);
        Assert.Null(_policy.ToText());
        Assert.True(_policy.IsPristine(_now));
    }

    private void EndOne(HostEvidence evidence) => EndOne(_policy, evidence);

    private void EndOne(HostPolicy policy, HostEvidence evidence)
    {
        _now++;
        Assert.Equal(PermitAnswer.Granted, policy.TryBegin(_now));
        policy.End(_now, evidence, _now);
    }
}
