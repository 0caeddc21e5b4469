using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

public sealed class HostBudgetTests
{
    private static readonly HostRules Eight = HostRules.Open(new HostLimits(8, double.PositiveInfinity));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Silos_never_run_more_than_permitted_whatever_is_lost_late_or_repeated(int seed)
    {
        // Long syncs outlive leases, short ones are many.
        HostBudgetSimulation simulation = new(Eight, seed, silos: 5) { SyncSteps = seed % 2 == 0 ? (5, 60) : (5, 5000) };
        simulation.Run(TimeSpan.FromMinutes(5));
        Assert.InRange(simulation.RunningMost, 1, 8);
        Converges(simulation, seed % 2 == 0 ? 300 : 5);
        Assert.InRange(simulation.RunningMost, 1, 8);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Silos_never_begin_more_than_the_rate_whatever_is_lost_late_or_repeated(int seed)
    {
        HostRules rules = HostRules.Open(new HostLimits(100, 20));
        HostBudgetSimulation simulation = new(rules, seed, silos: 4);
        simulation.Run(TimeSpan.FromMinutes(5));
        Converges(simulation, 300);
        foreach (double seconds in new[] { 0.5, 2, 10, 60 })
        {
            double most = (Limits.LeasedShare * 20 * (seconds + Limits.StartsPatience.TotalSeconds)) + 2;
            Assert.InRange(MostWithin(simulation.Starts, TimeSpan.FromSeconds(seconds)), 1, (int)most);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_second_sees_more_than_the_ceiling_though_silos_stop_and_go_on_and_work_comes_in_waves(int seed)
    {
        HostBudgetSimulation simulation = new(HostRules.Open(new HostLimits(1000, 60)), seed, silos: 20) { Faults = false, Uneven = true, SyncSteps = (1, 4) };
        simulation.Run(TimeSpan.FromMinutes(2));
        Assert.InRange(MostWithin(simulation.Starts, TimeSpan.FromSeconds(1)), 50, 60);
        Assert.InRange(simulation.Starts.Count, 1200, 120 * 60);
    }

    [Fact]
    public void Without_faults_nearly_the_whole_rate_and_all_units_are_used()
    {
        HostBudgetSimulation rate = new(HostRules.Open(new HostLimits(100, 20)), 1, silos: 4) { Faults = false };
        rate.Run(TimeSpan.FromSeconds(100));
        double leased = Limits.LeasedShare * 20 * 100;
        Assert.InRange(rate.Starts.Count, 0.95 * leased, leased + 2);
        HostBudgetSimulation units = new(Eight, 1, silos: 4) { Faults = false, SyncSteps = (10, 11) };
        units.Run(TimeSpan.FromSeconds(100));
        Assert.InRange(units.Starts.Count, 7000, 8000);
        Assert.All(units.Silos, silo => Assert.InRange(silo.Begun, 1200, 2800));
    }

    [Fact]
    public void Sixty_silos_that_want_a_host_of_eight_units_use_them_and_do_not_ask_all_the_time()
    {
        HostBudgetSimulation simulation = new(Eight, 1, silos: 60) { Faults = false, SyncSteps = (10, 11) };
        simulation.Run(TimeSpan.FromSeconds(20));
        (int begun, long asked) = (simulation.Starts.Count, Asked());
        simulation.Run(TimeSpan.FromSeconds(100));
        Assert.InRange(simulation.Starts.Count - begun, 7000, 8000);
        Assert.InRange(Asked() - asked, 100, 3000);

        long Asked() => simulation.Silos.Sum(silo => silo.CallSequence);
    }

    [Fact]
    public void An_owner_that_forgot_its_leases_gives_nothing_until_all_have_ended()
    {
        HostBudgetSimulation simulation = new(Eight, 1, silos: 1) { Faults = false, SyncSteps = (100_000, 100_001) };
        simulation.Silos[0].Wanted = 8;
        simulation.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(8, simulation.Running);

        // The silo is cut off, the owner ends suddenly; another silo asks the new owner.
        simulation.Silos[0].CutOffUntil = long.MaxValue;
        simulation.Faults = true;
        SimulatedSilo cut = simulation.Silos[0];
        simulation.Faults = false;
        simulation.Silos.Remove(cut);
        simulation.RestartOwner(handOver: false);
        SimulatedSilo other = simulation.Join();
        simulation.Run(Limits.LeaseTime + Limits.OwnershipTime - TimeSpan.FromSeconds(1));
        Assert.Empty(other.Syncs);
        simulation.Run(TimeSpan.FromSeconds(6));
        Assert.NotEmpty(other.Syncs);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_owners_that_each_have_half_of_the_silos_give_together_no_more_than_one(int seed)
    {
        const double Rate = 20;
        HostBudgetSimulation rate = new(HostRules.Open(new HostLimits(100, Rate)), seed, silos: 4) { Faults = false, Split = true };
        HostBudgetSimulation units = new(Eight, seed, silos: 4) { Faults = false, Split = true, SyncSteps = (5, 5000) };
        foreach (HostBudgetSimulation simulation in new[] { rate, units })
        {
            simulation.Run(TimeSpan.FromSeconds(15 + seed));
            simulation.RestartOwner(handOver: false);
            simulation.Run(TimeSpan.FromMinutes(3));
        }

        Assert.InRange(units.RunningMost, 1, 8);
        foreach (double seconds in new[] { 2.0, 10, 60 })
        {
            double most = (0.9 * Rate * (seconds + Limits.StartsPatience.TotalSeconds)) + 2;
            Assert.InRange(MostWithin(rate.Starts, TimeSpan.FromSeconds(seconds)), 1, (int)most);
        }
    }

    [Fact]
    public void An_owner_that_took_over_suddenly_gives_no_starts_until_its_predecessors_are_void_and_saves_none_up()
    {
        HostRules rules = HostRules.Open(new HostLimits(8, 20));
        HostBudget before = new(rules, new Random(1), null, 0);
        HostCall call = new() { Silo = "a", Sequence = 1, Wanted = 8, StartsWanted = 100, Waiting = 1000 };
        HostGrant given = before.Answer(call, 0);
        Assert.Equal((8, true), (given.Units, given.Starts > 0));
        long now = TimeSpan.TicksPerSecond;
        HostBudget after = new(rules, new Random(1), HostBudget.Read(HostBudget.Write(before.Save(handOver: false))), now);
        call = call with { Held = 8, Running = 8 };
        HostGrant grant = after.Answer(call with { Sequence = 2 }, now);
        TimeSpan closed = Limits.OwnershipTime + Limits.StartsHorizon + Limits.StartsPatience;
        Assert.Equal((8, false, 0, PermitAnswer.NotYet, closed), (grant.Units, grant.Lapsed, grant.Starts, grant.Answer, grant.AskAgainIn));
        Assert.Equal(0, after.Answer(call with { Sequence = 3 }, now + closed.Ticks - 1).Starts);
        grant = after.Answer(call with { Sequence = 4 }, now + closed.Ticks);
        Assert.Equal(PermitAnswer.Granted, grant.Answer);
        Assert.InRange(grant.Starts, 1, (int)(20 * Limits.StartsHorizon.TotalSeconds) + 1);
    }

    [Fact]
    public void An_owner_answers_only_while_a_save_has_confirmed_it_and_counts_from_the_saves_beginning()
    {
        HostBudget budget = new(Eight, new Random(1), null, 0);
        Assert.Equal((false, true), (budget.MayAnswer(0), budget.ShouldConfirm(0)));
        budget.Save(handOver: false);
        budget.Confirm(begunAt: 5);
        Assert.Equal((true, false), (budget.MayAnswer(5), budget.ShouldConfirm(5)));
        long half = 5 + (Limits.OwnershipTime / 2).Ticks, all = 5 + Limits.OwnershipTime.Ticks;
        Assert.Equal((false, true), (budget.ShouldConfirm(half - 1), budget.ShouldConfirm(half)));
        Assert.Equal((true, false), (budget.MayAnswer(all - 1), budget.MayAnswer(all)));
    }

    [Fact]
    public void What_a_silo_says_it_holds_stays_its_own_when_the_owner_changes()
    {
        HostBudgetSimulation simulation = new(Eight, 1, silos: 2) { Faults = false };
        simulation.Run(TimeSpan.FromSeconds(20));
        simulation.RestartOwner(handOver: false);
        simulation.Run(TimeSpan.FromSeconds(40));
        Assert.Equal(0, simulation.Cancelled);
        int before = simulation.Starts.Count;
        simulation.Run(TimeSpan.FromSeconds(10));
        Assert.InRange(simulation.Starts.Count - before, 100, 400);
    }

    [Fact]
    public void What_silos_give_back_of_it_is_given_again_before_all_that_was_leased_has_ended()
    {
        HostBudget before = new(Eight, new Random(1), null, 0);
        HostBudget after = new(Eight, new Random(1), HostBudget.Read(HostBudget.Write(before.Save(handOver: false))), 0);
        long sequence = 0;
        HostCall Call(string silo, int held, int wanted) => new() { Silo = silo, Sequence = ++sequence, Held = held, Running = held, Wanted = wanted, StartsWanted = 10, Waiting = 100 };

        // The predecessor gave four, three, and one to a silo that nobody hears of.
        Assert.Equal((4, 3), (after.Answer(Call("a", 4, 4), 0).Units, after.Answer(Call("b", 3, 8), 0).Units));
        long open = (Limits.OwnershipTime + Limits.StartsHorizon + Limits.StartsPatience).Ticks;
        Assert.Equal((4, 3), (after.Answer(Call("a", 4, 4), open).Units, after.Answer(Call("b", 3, 8), open).Units));
        Assert.Equal(1, after.Answer(Call("a", 1, 1), open).Units);
        Assert.Equal((0, 6), (after.Answer(Call("c", 0, 0), open).Units, after.Answer(Call("b", 3, 8), open).Units));

        // Shares, of these seven.
        Assert.Equal((1, 4), (after.Answer(Call("a", 1, 8), open).Units, after.Answer(Call("b", 6, 6), open).Units));
        Assert.Equal((4, 3), (after.Answer(Call("b", 4, 4), open).Units, after.Answer(Call("a", 1, 8), open).Units));
        Assert.Equal((4, 3), (after.Answer(Call("b", 4, 8), open).Units, after.Answer(Call("a", 3, 8), open).Units));
    }

    [Fact]
    public void A_silo_gives_nothing_back_to_an_owner_that_does_not_answer()
    {
        HostBudget budget = new(Eight, new Random(1), null, 0);
        LeasedPermits silo = new("a");
        Call(budget, silo, 0, 5);
        Assert.Equal(5, silo.Units);
        long second = TimeSpan.TicksPerSecond, now = 10 * second;
        silo.Want(5, 100);
        Assert.True(silo.TryCall(now, out HostCall unheard));
        silo.GiveUp(unheard.Sequence, now);

        // Its work stands still with the owner.
        silo.Want(0, 0);
        now += second;
        Assert.True(silo.TryCall(now, out HostCall call));
        Assert.Equal((5, 5), (call.Held, silo.Units));
        silo.Apply(budget.Answer(call, now), now);
        now += second;
        Assert.True(silo.TryCall(now, out call));
        Assert.Equal((0, 0), (call.Held, silo.Units));
    }

    [Fact]
    public void A_predecessor_that_did_not_say_how_long_it_answers_is_waited_for_longer()
    {
        HostBudget after = new(Eight, new Random(1), HostBudget.Read(HostBudget.Write(new HostBudgetState { InUse = true })), 0);
        HostCall call = new() { Silo = "a", Sequence = 1, Wanted = 8, StartsWanted = 10, Waiting = 100 };
        Assert.Equal(TimeSpan.FromSeconds(20) + Limits.StartsHorizon + Limits.StartsPatience, after.Answer(call, 0).AskAgainIn);
    }

    [Fact]
    public void A_silent_silos_units_are_taken_back_and_it_has_stopped_before()
    {
        HostBudget budget = new(Eight, new Random(1), null, 0);
        LeasedPermits silent = new("a");
        Call(budget, silent, 0, 8);
        Assert.Equal(8, silent.Units);
        LeasedPermits other = new("b");
        Call(budget, other, 1, 8);
        Assert.Equal(0, other.Units);
        Assert.Equal(PermitAnswer.Granted, silent.TryBegin(2, out _));
        long end = Limits.LeaseTime.Ticks;
        silent.Look(end - Limits.LeaseMargin.Ticks);
        Assert.Equal((0, 1), (silent.Units, silent.Term));
        budget.Save(handOver: false);
        budget.Confirm(end - 1);
        Assert.Equal((false, true), (budget.ShouldConfirm(end - 1), budget.ShouldConfirm(end)));
        Call(budget, other, end - 1, 8);
        Assert.Equal(0, other.Units);

        // Another may have become the owner since, and the silo told it in time what it holds: only who still is the owner takes it back.
        long later = end + TimeSpan.TicksPerSecond;
        Call(budget, other, later, 8);
        Assert.Equal(0, other.Units);
        budget.Save(handOver: false);
        budget.Confirm(end);
        Call(budget, other, later + (2 * TimeSpan.TicksPerSecond), 8);
        Assert.Equal(8, other.Units);
    }

    [Fact]
    public void A_request_for_silence_reaches_who_asks_next_and_voids_what_was_granted()
    {
        HostBudget budget = new(Eight, new Random(1), null, 0);
        (LeasedPermits first, LeasedPermits second) = (new("a"), new("b"));
        Call(budget, first, 0, 4);
        Call(budget, second, 0, 4);
        Assert.Equal(PermitAnswer.Granted, first.TryBegin(0, out LeasedPermit permit));
        long version = budget.Version;
        first.End(permit, new HostEvidence(HostEvidenceKind.Throttled, TimeSpan.FromSeconds(60)));
        Call(budget, first, TimeSpan.TicksPerSecond, 4);
        Assert.Equal(version + 1, budget.Version);
        Assert.Equal(61 * TimeSpan.TicksPerSecond, budget.SilentUntil);

        second.Silence(budget.Version, TimeSpan.FromSeconds(60), TimeSpan.TicksPerSecond);
        Assert.Equal(PermitAnswer.NotYet, second.TryBegin(TimeSpan.TicksPerSecond, out _));
        Assert.Equal(61 * TimeSpan.TicksPerSecond, second.ReadyAt);

        // After it one canary goes, whoever asks first.
        long after = 62 * TimeSpan.TicksPerSecond;
        Call(budget, second, after, 4);
        Call(budget, first, after, 4);
        Assert.Equal(PermitAnswer.Granted, second.TryBegin(after, out _));
        Assert.NotEqual(PermitAnswer.Granted, second.TryBegin(after, out _));
        Assert.NotEqual(PermitAnswer.Granted, first.TryBegin(after, out _));
    }

    [Fact]
    public void Evidence_that_is_told_again_counts_once()
    {
        HostBudget budget = new(Eight, new Random(1), null, 0);
        LeasedPermits silo = new("a");
        Call(budget, silo, 0, 4);
        Assert.Equal(PermitAnswer.Granted, silo.TryBegin(0, out LeasedPermit permit));
        silo.End(permit, new HostEvidence(HostEvidenceKind.Answered));
        long now = 2 * TimeSpan.TicksPerSecond;
        Assert.True(silo.TryCall(now, out HostCall call));
        budget.Answer(call, now);
        budget.Answer(call, now);
        silo.GiveUp(call.Sequence, now);
        Call(budget, silo, now + (2 * TimeSpan.TicksPerSecond), 4);
        Assert.Equal(1, budget.View(default, now).Done);
    }

    [Fact]
    public void A_brake_outlives_the_owner_and_is_lifted()
    {
        HostBudget budget = new(Eight, new Random(1), null, 0);
        budget.Brake(TimeSpan.FromHours(1).Ticks);
        budget = new(Eight, new Random(1), HostBudget.Read(HostBudget.Write(budget.Save(handOver: true))), 1);
        LeasedPermits silo = new("a");
        Call(budget, silo, 1, 4);
        Assert.Equal(PermitAnswer.NotYet, silo.TryBegin(1, out _));
        budget.Brake(0);
        silo = new("b");
        Call(budget, silo, 2, 4);
        Assert.Equal(PermitAnswer.Granted, silo.TryBegin(2, out _));
    }

    [Fact]
    public void A_state_of_an_older_version_is_read_and_one_that_cannot_be_read_counts_as_in_use()
    {
        HostBudgetState old = HostBudget.Read("""{"policy":{"allowed":4,"rate":2,"silentUntil":77,"goal":3},"version":5,"inUse":true,"fieldOfTheFuture":1}""")!;
        Assert.Equal((4, 77L, 5L, true), (old.Policy!.Value.Allowed, old.Policy.Value.SilentUntil, old.Version, old.InUse));
        Assert.True(HostBudget.Read("not json")!.InUse);
        Assert.Null(HostBudget.Read(null));
    }

    private static void Call(HostBudget budget, LeasedPermits silo, long now, int wanted)
    {
        silo.Want(wanted, 100);
        Assert.True(silo.TryCall(now, out HostCall call));
        silo.Apply(budget.Answer(call, now), now);
    }

    private static void Converges(HostBudgetSimulation simulation, int least)
    {
        simulation.Faults = false;
        simulation.Run(TimeSpan.FromMinutes(3));
        int before = simulation.Starts.Count;
        simulation.Run(TimeSpan.FromSeconds(30));
        Assert.InRange(simulation.Starts.Count - before, least, 3000);
        Assert.All(simulation.Silos, silo => Assert.NotEqual(0, silo.Begun));
    }

    private static int MostWithin(List<long> starts, TimeSpan window)
    {
        int most = 0;
        for (int first = 0, last = 0; last < starts.Count; last++)
        {
            while (starts[last] - starts[first] > window.Ticks)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
