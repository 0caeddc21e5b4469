using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

public sealed class HostPolicyTests
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
    public void After_a_silence_one_canary_goes_first()
    {
        EndOne(Throttled);
        _now = _policy.SilentUntil;
        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
        Assert.Equal(PermitAnswer.NotYet, _policy.TryBegin(_now));
        Assert.Equal(_now + HostPolicy.CanaryPatience.Ticks, _policy.ReadyAt);
        _policy.End(_now, Answered, _now);
        Assert.Equal(4, Enumerable.Range(0, 20).Count(_ => _policy.TryBegin(_now) == PermitAnswer.Granted));
    }

    [Fact]
    public void Canary_that_is_served_for_long_opens_the_host_too()
    {
        EndOne(Throttled);
        _now = _policy.SilentUntil;
        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(_now));
        _now += HostPolicy.CanaryPatience.Ticks;
        Assert.Equal(3, Enumerable.Range(0, 20).Count(_ => _policy.TryBegin(_now) == PermitAnswer.Granted));
    }

    [Fact]
    public void Host_that_still_refuses_after_the_silence_that_it_asked_for_is_left_alone_ever_longer()
    {
        HostEvidence second = new(HostEvidenceKind.Throttled, TimeSpan.FromSeconds(1));
        double before = 0;
        foreach (int time in Enumerable.Range(0, 9))
        {
            EndOne(second);
            double seconds = TimeSpan.FromTicks(_policy.SilentUntil - _now).TotalSeconds;
            Assert.True(time == 0 ? seconds == 1 : seconds > before * 1.5 || seconds > 2000, $"{time}: {seconds}");
            (before, _now) = (seconds, _policy.SilentUntil);
        }
    }

    [Fact]
    public void Run_of_refusals_asks_the_canary_and_its_refusal_is_a_ban()
    {
        HostPolicy policy = new(HostRules.Open(HostLimits.Default) with { BanSilence = TimeSpan.FromHours(1) }, new Random(1)) { HasCanary = true };
        for (int row = 0; row < HostPolicy.DoubtRowMax; row++)
        {
            Assert.False(policy.WantsCanary);
            EndOne(policy, new HostEvidence(HostEvidenceKind.RefusedUnknown));
        }

        Assert.True(policy.WantsCanary);
        Assert.Equal(PermitAnswer.Granted, policy.TryBegin(++_now));
        Assert.Equal(PermitAnswer.NotYet, policy.TryBegin(_now));
        policy.EndCanary(_now, new HostEvidence(HostEvidenceKind.RefusedUnknown), _now);
        Assert.Equal(TimeSpan.FromHours(1), TimeSpan.FromTicks(policy.SilentUntil - _now));
    }

    [Fact]
    public void Run_of_refusals_is_believed_when_the_canary_is_answered()
    {
        HostPolicy policy = new(HostRules.Open(HostLimits.Default), new Random(1)) { HasCanary = true };
        for (int row = 0; row < HostPolicy.DoubtRowMax; row++)
        {
            EndOne(policy, new HostEvidence(HostEvidenceKind.RefusedUnknown));
        }

        Assert.Equal(PermitAnswer.Granted, policy.TryBegin(++_now));
        policy.EndCanary(_now, Answered, _now);
        for (int row = 0; row < HostPolicy.BelievedRow + HostPolicy.DoubtRowMax - 1; row++)
        {
            EndOne(policy, new HostEvidence(HostEvidenceKind.RefusedUnknown));
            Assert.False(policy.WantsCanary);
        }
    }

    [Fact]
    public void Window_that_the_host_tells_of_is_not_overdrawn()
    {
        EndOne(Answered with { RateLimit = new RateLimit(60, 2, TimeSpan.FromSeconds(50)) });
        long end = _now + TimeSpan.FromSeconds(50).Ticks;
        Assert.Equal(2, Enumerable.Range(0, 8).Count(_ => _policy.TryBegin(_now) == PermitAnswer.Granted));
        Assert.Equal(PermitAnswer.NotYet, _policy.TryBegin(_now));
        Assert.Equal(end, _policy.ReadyAt);
        Assert.Equal(PermitAnswer.Granted, _policy.TryBegin(end));
    }

    [Fact]
    public void Requests_beyond_the_first_of_a_sync_are_paid_later()
    {
        HostPolicy policy = new(HostRules.Open(new HostLimits(100, 1)), new Random(1));
        EndOne(policy, Answered with { Requests = 5 });
        Assert.Equal(PermitAnswer.NotYet, policy.TryBegin(_now));
        Assert.Equal(5, TimeSpan.FromTicks(policy.ReadyAt - _now).TotalSeconds, 0.001);
    }

    [Fact]
    public void Nothing_rises_while_answers_are_slow()
    {
        HostPolicy policy = new(new HostRules { Concurrency = 8 }, new Random(1));
        EndOne(policy, Answered with { LatencyMs = 50 });
        double rate = 0;
        for (int answer = 0; answer < 200; answer++)
        {
            _now += TimeSpan.TicksPerSecond;
            EndOne(policy, Answered with { LatencyMs = 2000 });
            rate = answer == 10 ? policy.Rate : rate;
        }

        Assert.Equal((1, rate), (policy.Allowed, policy.Rate));
    }

    [Fact]
    public void Quiet_hours_are_kept()
    {
        HostRules rules = HostRules.Open(HostLimits.Default) with { QuietHours = [QuietHours.Parse("22:00-06:00")], QuietConcurrency = 0 };
        HostPolicy policy = new(rules, new Random(1));
        long midnight = Start - (Start % TimeSpan.TicksPerDay);
        Assert.Equal(PermitAnswer.NotYet, policy.TryBegin(midnight + TimeSpan.FromHours(23).Ticks));
        Assert.Equal(midnight + TimeSpan.FromHours(30).Ticks, policy.ReadyAt);
        Assert.Equal(PermitAnswer.Granted, policy.TryBegin(policy.ReadyAt));
        HostPolicy fewer = new(rules with { QuietConcurrency = 2 }, new Random(1));
        Assert.Equal(2, fewer.Lease(midnight + TimeSpan.FromHours(1).Ticks, 10));
    }

    [Fact]
    public void Policy_that_is_made_anew_from_its_state_after_every_step_is_the_same_policy()
    {
        HostRules rules = new() { Concurrency = 16 };
        Random random = new(7);
        HostPolicy one = new(rules, new Random(3));
        HostPolicy other = new(rules, new Random(3));
        Random jitter = new(3);
        other = new HostPolicy(rules, jitter);
        List<long> under = [];
        for (int step = 0; step < 5000; step++)
        {
            _now += random.Next((int)TimeSpan.TicksPerSecond);
            other = new HostPolicy(rules, jitter, HostPolicy.Read(HostPolicy.Write(other.State)));
            PermitAnswer answer = one.TryBegin(_now);
            Assert.Equal((answer, one.ReadyAt), (other.TryBegin(_now), answer == PermitAnswer.NotYet ? other.ReadyAt : one.ReadyAt));
            if (answer == PermitAnswer.Granted)
            {
                under.Add(_now);
            }

            if (under.Count > 0 && random.Next(2) == 0)
            {
                long begunAt = under[0];
                under.RemoveAt(0);
                HostEvidence evidence = new((HostEvidenceKind)random.Next(random.Next(10) == 0 ? 6 : 2)) { LatencyMs = random.Next(300), Requests = random.Next(1, 3) };
                one.End(begunAt, evidence, _now);
                other.End(begunAt, evidence, _now);
            }

            Assert.Equal(one.State, other.State);
        }
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
