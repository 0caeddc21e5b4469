using Actors.Sync.ForgeHosts;
using Xunit;

namespace Actors.Sync.Tests.ForgeHosts;

/// <summary>
/// Silos and the owner of one host's budget, over a network that loses, delays and repeats, in steps of 10 ms from one seed.
/// Silos die and come, owners die, and some go on for a while beside their successor. Each process has its own clock.
/// </summary>
internal sealed class HostBudgetSimulation
{
    public const long Step = 10 * TimeSpan.TicksPerMillisecond;

    private const long OwnersClock = 638_000_000_000_000_000;

    private readonly HostRules _rules;
    private readonly Random _random;
    private readonly List<Owner> _owners = [];
    private readonly PriorityQueue<Action, (long At, int Order)> _network = new();
    private string? _kept;
    private int _writer;
    private int _order;
    private int _names;

    public HostBudgetSimulation(HostRules rules, int seed, int silos)
    {
        (_rules, _random) = (rules, new Random(seed));
        StartOwner(handOver: false);
        for (int silo = 0; silo < silos; silo++)
        {
            Join();
        }
    }

    /// <summary>What goes wrong; none once it is false.</summary>
    public bool Faults { get; set; } = true;

    /// <summary>While an old owner goes on beside the new one, half of the silos reach only the one, half only the other.</summary>
    public bool Split { get; set; }

    /// <summary>How long a sync runs, in steps.</summary>
    public (int Least, int Most) SyncSteps { get; init; } = (5, 60);

    /// <summary>How a sync ends.</summary>
    public Func<Random, long, HostEvidence> End { get; init; } = (_, _) => new HostEvidence(HostEvidenceKind.Answered);

    /// <summary>Silos stand still now and then, some together, and their work comes and goes.</summary>
    public bool Uneven { get; init; }

    public long Now { get; private set; }

    public List<SimulatedSilo> Silos { get; } = [];

    /// <summary>When each sync was begun.</summary>
    public List<long> Starts { get; } = [];

    public int RunningMost { get; private set; }

    /// <summary>Syncs that a silo had to cancel because its lease had ended.</summary>
    public int Cancelled { get; private set; }

    public int Running => Silos.Sum(s => s.Syncs.Count);

    public HostBudget Budget => _owners[^1].Budget;

    public long OwnersNow => OwnersClock + Now;

    public void Run(TimeSpan time)
    {
        for (long until = Now + time.Ticks; Now < until; Now += Step)
        {
            while (_network.TryPeek(out Action? arrive, out (long At, int Order) due) && due.At <= Now)
            {
                _network.Dequeue();
                arrive();
            }

            if (Faults)
            {
                Disturb();
            }

            if (Uneven)
            {
                StopSome();
            }

            foreach (SimulatedSilo silo in Silos.Where(silo => silo.StoppedUntil <= Now))
            {
                Turn(silo);
            }

            RunningMost = Math.Max(RunningMost, Running);
        }
    }

    /// <summary>The owner ends: with its state whole, or suddenly; then it may not know that another has taken over.</summary>
    public void RestartOwner(bool handOver)
    {
        Owner last = _owners[^1];
        if (handOver && last.Writer == _writer)
        {
            _kept = HostBudget.Write(last.Budget.Save(handOver: true));
            _owners.Clear();
        }

        StartOwner(handOver);
    }

    public SimulatedSilo Join()
    {
        SimulatedSilo silo = new(new LeasedPermits($"silo-{++_names}"), _random.NextInt64(1_000_000_000_000));
        Silos.Add(silo);
        return silo;
    }

    private void StartOwner(bool handOver)
    {
        Owner owner = new(new HostBudget(_rules, _random, HostBudget.Read(_kept), OwnersNow), ++_writer);
        _owners.Add(owner);
        Assert.True(Confirm(owner));
        Assert.Equal(handOver ? 1 : _owners.Count, _owners.Count);
    }

    /// <summary>A save succeeds only for who saved last, or has just read what was saved.</summary>
    private bool Confirm(Owner owner)
    {
        if (owner.Writer != _writer)
        {
            _owners.Remove(owner);
            return false;
        }

        _kept = HostBudget.Write(owner.Budget.Save(handOver: false));
        owner.Budget.Confirm(OwnersNow);
        return true;
    }

    private void Disturb()
    {
        if (_random.Next(2500) == 0)
        {
            RestartOwner(handOver: _random.Next(2) == 0);
        }

        if (_random.Next(4000) == 0 && Silos.Count > 1)
        {
            Silos.RemoveAt(_random.Next(Silos.Count));
            Join();
        }

        if (_random.Next(3000) == 0)
        {
            Silos[_random.Next(Silos.Count)].CutOffUntil = Now + (_random.Next(45) * TimeSpan.TicksPerSecond);
        }
    }

    private void StopSome()
    {
        if (_random.Next(100) == 0)
        {
            long until = Now + (_random.Next(1500) * TimeSpan.TicksPerMillisecond);
            int share = _random.Next(1, 5);
            foreach (SimulatedSilo silo in Silos.Where(_ => _random.Next(share) == 0))
            {
                silo.StoppedUntil = until;
            }
        }

        if (_random.Next(200) == 0)
        {
            int wanted = _random.Next(3) * 4;
            Silos.ForEach(silo => silo.Wanted = wanted);
        }
    }

    private void Turn(SimulatedSilo silo)
    {
        long now = Now + silo.Clock;
        LeasedPermits permits = silo.Permits;
        permits.Look(now);
        for (int place = silo.Syncs.Count - 1; place >= 0; place--)
        {
            (LeasedPermit permit, long endsAt) = silo.Syncs[place];
            if (permit.Term != permits.Term || Now >= endsAt)
            {
                Cancelled += permit.Term != permits.Term ? 1 : 0;
                silo.Syncs.RemoveAt(place);
                permits.End(permit, permit.Term != permits.Term ? null : End(_random, Now));
            }
        }

        permits.Want(silo.Wanted, 1000);
        while (silo.Syncs.Count < silo.Wanted && permits.TryBegin(now, out LeasedPermit permit) == PermitAnswer.Granted)
        {
            silo.Syncs.Add((permit, Now + (_random.Next(SyncSteps.Least, SyncSteps.Most) * Step)));
            Starts.Add(Now);
            silo.Begun++;
        }

        if (permits.TryCall(now, out HostCall? call))
        {
            Send(silo, call);
        }
        else if (silo.CallUntil <= Now)
        {
            silo.CallUntil = long.MaxValue;
            permits.GiveUp(silo.CallSequence, now);
        }
    }

    private void Send(SimulatedSilo silo, HostCall call)
    {
        (silo.CallSequence, silo.CallUntil) = (call.Sequence, Now + (5 * TimeSpan.TicksPerSecond));
        int copies = Faults ? _random.Next(12) switch { 0 => 0, 1 => 2, _ => 1 } : 1;
        for (int copy = 0; copy < copies; copy++)
        {
            // Old owners hear some calls too.
            Owner owner = Split ? _owners[Silos.IndexOf(silo) % 2 == 0 ? 0 : ^1] : _owners[_random.Next(_owners.Count)];
            Deliver(silo, () =>
            {
                if (!_owners.Contains(owner) || (owner.Budget.ShouldConfirm(OwnersNow) && _random.Next(3) > 0 && !Confirm(owner)) || !owner.Budget.MayAnswer(OwnersNow))
                {
                    return;
                }

                HostGrant grant = owner.Budget.Answer(call, OwnersNow);
                if (owner.Budget.MustSave && !Confirm(owner))
                {
                    return;
                }

                Deliver(silo, () =>
                {
                    silo.CallUntil = grant.Sequence == silo.CallSequence ? long.MaxValue : silo.CallUntil;
                    silo.Permits.Apply(grant, Now + silo.Clock);
                });
            });
        }
    }

    private void Deliver(SimulatedSilo silo, Action arrive)
    {
        if (Faults && (_random.Next(12) == 0 || Now < silo.CutOffUntil))
        {
            return;
        }

        long delay = (Faults ? _random.Next(30) switch { 0 => _random.Next(20_000), < 10 => _random.Next(500), _ => _random.Next(1, 5) } : 1) * TimeSpan.TicksPerMillisecond;
        _network.Enqueue(arrive, (Now + delay, _order++));
    }

    private sealed record Owner(HostBudget Budget, int Writer);
}
