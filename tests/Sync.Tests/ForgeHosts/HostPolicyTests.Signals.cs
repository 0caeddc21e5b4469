using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

/// <summary>Canaries, windows, slowness, quiet hours, and the state as a value.</summary>
public sealed partial class HostPolicyTests
{
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
        Assert.Equal(
            [PermitAnswer.Granted, PermitAnswer.Granted, PermitAnswer.Saturated],
            Enumerable.Range(0, 3).Select(_ => fewer.TryBegin(midnight + TimeSpan.FromHours(1).Ticks)));
    }

    [Fact]
    public void Restored_policy_approaches_what_was_borne_and_does_not_jump_above_it()
    {
        HostRules rules = new() { Concurrency = 64 };
        HostPolicy restored = new(rules, new Random(1));
        restored.Restore("{\"allowed\":8,\"allowedGoal\":8,\"rate\":20,\"goal\":20,\"ceiling\":21,\"borne\":19,\"holdTicks\":600000000,\"throttledCount\":3}", 0);
        double most = 0;
        for (int step = 0; step < 3000; step++)
        {
            _now += TimeSpan.TicksPerMillisecond * 20;
            if (restored.TryBegin(_now) == PermitAnswer.Granted)
            {
                restored.End(_now, Answered with { LatencyMs = 80 }, _now);
            }

            Assert.True(step > 0 || restored.Rate == 10, "It begins at half.");
            most = Math.Max(most, restored.Rate);
        }

        Assert.Equal(20, most);
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
}
