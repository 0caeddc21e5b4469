namespace Actors.Sync.ForgeHosts;

/// <summary>
/// A silo's part of a forge host's budget: gives permits out of what the owner (<see cref="HostBudget"/>) leased, says what
/// ended, and stops in time when the owner is not heard of. A state machine over a clock that it is told, in ticks that
/// never go back; no timer, no lock, no I/O. Lowers what it holds by itself, and raises it only by a grant.
/// </summary>
public sealed partial class LeasedPermits
{
    private readonly string _silo;
    private readonly Queue<StartRun> _runs = new();
    private int _units;
    private long _validUntil;
    private long _version;
    private long _silentUntil;
    private int _term;
    private int _runningOfTerm;
    private bool _givenUp;

    /// <param name="silo">Unique among processes, of this start.</param>
    public LeasedPermits(string silo) => _silo = silo;

    /// <summary>Syncs that run.</summary>
    public int Running { get; private set; }

    /// <summary>Syncs at once that the silo is entitled to.</summary>
    public int Units => _units;

    /// <summary>Permits of an earlier term are no right any more: their syncs are to be cancelled at once.</summary>
    public int Term => _term;

    /// <summary>After <see cref="PermitAnswer.NotYet"/>: when to ask again, if no grant comes before.</summary>
    public long ReadyAt { get; private set; }

    /// <summary>Silent until then, as far as this silo has heard.</summary>
    public long SilentUntil => _silentUntil;

    /// <summary>When the owner was last heard of; what it said is older than that by a moment.</summary>
    public long HeardAt { get; private set; } = long.MinValue / 2;

    /// <summary>Until when the units are the silo's own; 0: it has none.</summary>
    public long ValidUntil => _units > 0 || _runningOfTerm > 0 ? _validUntil : 0;

    /// <summary>A repository of the host that was there is known: it may be asked as canary.</summary>
    public bool HasCanary { get; set; }

    /// <summary>Asks for a permit.</summary>
    public PermitAnswer TryBegin(long now, out LeasedPermit permit)
    {
        permit = default;
        Look(now);
        if (_givenUp)
        {
            return PermitAnswer.GivenUp;
        }

        if (_units == 0 || _runs.Count == 0)
        {
            return NotBefore(Math.Max(_silentUntil, NextCallAt(now)));
        }

        if (Running >= _units)
        {
            return PermitAnswer.Saturated;
        }

        StartRun run = _runs.Peek();
        if (run.NextAt > now)
        {
            return NotBefore(run.NextAt);
        }

        run.Take();
        permit = new LeasedPermit(run.GrantedAt, _term, run.ForCanary, run.HasTurns && !run.ForCanary ? now + Limits.StartsLateness.Ticks : long.MaxValue);
        if (run.Left == 0)
        {
            _runs.Dequeue();
        }

        Running++;
        _runningOfTerm++;
        _begunSinceCall++;
        return PermitAnswer.Granted;
    }

    /// <summary>Gives a permit back. <paramref name="evidence"/>: what the end says; null: nothing was asked of the host, or the permit had lapsed.</summary>
    public void End(in LeasedPermit permit, HostEvidence? evidence)
    {
        Running--;
        _runningOfTerm -= permit.Term == _term ? 1 : 0;
        if (evidence is { } end)
        {
            AddEvidence(LeasedEvidence.Of(end, permit.GrantedAt, permit.IsCanary));
        }
    }

    /// <summary>News from the owner, beside calls: starts that were granted before are void.</summary>
    public void Silence(long version, TimeSpan silentFor, long now)
    {
        if (version > _version)
        {
            _version = version;
            HeardAt = now;
            DropStarts();
            _silentUntil = silentFor > TimeSpan.Zero ? now + silentFor.Ticks : 0;
            _askStartsAt = Math.Max(now, _silentUntil);
        }
    }

    /// <summary>Brings the state to <paramref name="now"/>: what was not used in time is void.</summary>
    public void Look(long now)
    {
        while (_runs.TryPeek(out StartRun? run))
        {
            _dropped += run.Expire(now);
            if (run.Left > 0)
            {
                break;
            }

            _runs.Dequeue();
        }

        if (now >= _validUntil && (_units > 0 || _runningOfTerm > 0))
        {
            Lapse();
        }
    }

    private void Lapse()
    {
        _units = 0;
        _term++;
        _runningOfTerm = 0;
        DropStarts();
    }

    private void DropStarts()
    {
        foreach (StartRun run in _runs)
        {
            _dropped += run.Left;
        }

        _runs.Clear();
    }

    private PermitAnswer NotBefore(long time)
    {
        ReadyAt = time;
        return PermitAnswer.NotYet;
    }
}
