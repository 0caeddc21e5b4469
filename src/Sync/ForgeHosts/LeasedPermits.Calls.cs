namespace Actors.Sync.ForgeHosts;

public sealed partial class LeasedPermits
{
    private readonly List<LeasedEvidence> _evidence = [];
    private long _sequence;
    private long _calledAt = long.MinValue;
    private long _sentAt;
    private bool _waits;
    private bool _failed;
    private long _askUnitsAt;
    private long _askStartsAt;
    private int _begunSinceCall;
    private int _begunBefore;
    private bool _urgent;
    private int _wanted;
    private int _wantedAtCall;
    private long _waiting;

    // The batch that is being told, until it is acknowledged: its first entries of _evidence, and drops.
    private long _batch;
    private int _batchEntries;
    private long _batchDropped;
    private long _dropped;

    /// <summary>Something is to be told, now or by and by.</summary>
    public bool HasNews => _evidence.Count > 0 || _dropped > 0;

    /// <summary>Nothing is held, wanted or to be told: it can be forgotten.</summary>
    public bool IsIdle => _units == 0 && Running == 0 && !_waits && _evidence.Count == 0;

    /// <summary>Tells how many syncs at once could be used: those that run and those that wait.</summary>
    public void Want(int wanted, long waiting) => (_wanted, _waiting) = (wanted, waiting);

    /// <summary>When the next call is due; <see cref="long.MaxValue"/>: none is. While one is out, none is.</summary>
    public long NextCallAt(long now)
    {
        if (_waits || _units == 0 && Running > 0 && _runningOfTerm == 0)
        {
            // What lapsed ends first: the owner must not take it for something that is held.
            return long.MaxValue;
        }

        if (_calledAt == long.MinValue)
        {
            return _wanted > 0 ? now : long.MaxValue;
        }

        long at = _units > 0 || Running > 0 || _wanted > 0 ? _calledAt + (_failed ? Limits.AskAgain : Limits.LeaseRenewal).Ticks : long.MaxValue;
        if (HasNews)
        {
            at = Math.Min(at, _urgent ? now : _calledAt + Limits.EvidencePeriod.Ticks);
        }

        if (_wanted == 0 && Running == 0 && (_units > 0 || HasNews))
        {
            at = now;
        }

        if (_wanted > Running)
        {
            at = _units < _wanted ? Math.Min(at, _askUnitsAt) : at;
            at = StartsAreLow() ? Math.Min(at, _askStartsAt) : at;
        }

        return at == long.MaxValue ? at : Math.Max(at, _calledAt + (_failed ? Limits.AskAgain : _urgent ? TimeSpan.Zero : Limits.CallSpacing).Ticks);
    }

    /// <summary>Makes the call that is due. Its answer goes to <see cref="Apply"/>, its failure to <see cref="GiveUp"/>.</summary>
    public bool TryCall(long now, out HostCall call)
    {
        Look(now);
        call = null!;
        if (NextCallAt(now) > now)
        {
            return false;
        }

        // What is not needed is given back by not being named; not to an owner that does not answer: its successor could not tell whose it is.
        _units = _failed ? _units : Math.Max(Math.Min(_units, Running), Math.Min(_units, _wanted));
        if (_batchEntries == 0 && _batchDropped == 0 && HasNews)
        {
            _batch++;
            _batchEntries = Math.Min(_evidence.Count, Limits.EvidenceEntriesMax);
            (_batchDropped, _dropped) = (_dropped, 0);
        }

        int held = StartsHeld();
        call = new HostCall
        {
            Silo = _silo,
            Sequence = ++_sequence,
            Held = Math.Max(_units, Running),
            Running = Running,
            Wanted = _failed ? Math.Max(_wanted, _units) : _wanted,
            StartsHeld = held,
            StartsWanted = (int)Math.Clamp(Math.Min(StartsGoal(), _waiting) - held, 0, Limits.StartsMax),
            Batch = _batch,
            StartsDropped = _batchDropped,
            Evidence = _evidence.GetRange(0, _batchEntries),
            Waiting = _waiting,
            HasCanary = HasCanary,
        };
        (_calledAt, _sentAt, _waits, _urgent, _wantedAtCall) = (now, now, true, false, _wanted);
        (_begunBefore, _begunSinceCall) = (_begunSinceCall, 0);
        return true;
    }

    /// <summary>The owner's answer. One that nobody waits for any more changes nothing.</summary>
    public void Apply(HostGrant grant, long now)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (!_waits || grant.Sequence != _sequence)
        {
            return;
        }

        (_waits, _failed) = (false, false);
        HeardAt = now;
        if (grant.Batch >= _batch)
        {
            _evidence.RemoveRange(0, _batchEntries);
            (_batchEntries, _batchDropped) = (0, 0);
        }

        if (grant.Lapsed)
        {
            Lapse();
        }

        _units = grant.Units;
        _validUntil = _sentAt + grant.UnitsFor.Ticks - Limits.LeaseMargin.Ticks;
        _givenUp = grant.Answer == PermitAnswer.GivenUp;
        // Who got all that it asked for asks for more at once.
        long later = now + Math.Clamp(grant.AskAgainIn.Ticks, 0, Limits.AskAgainMax.Ticks);
        _askUnitsAt = grant.Units >= _wantedAtCall ? now : Math.Max(now + Limits.AskAgain.Ticks, later);
        _askStartsAt = grant.Answer == PermitAnswer.Granted ? now : later;
        if (grant.Version < _version)
        {
            // News overtook the answer: what it grants is void already.
            _dropped += grant.Starts;
            _askStartsAt = Math.Max(_askStartsAt, _silentUntil);
        }
        else
        {
            ApplyStarts(grant, now);
        }

        Look(now);
    }

    private void ApplyStarts(HostGrant grant, long now)
    {
        if (grant.Version > _version)
        {
            _version = grant.Version;
            DropStarts();
        }

        _silentUntil = grant.SilentFor > TimeSpan.Zero ? now + grant.SilentFor.Ticks : 0;
        if (grant.Starts > 0)
        {
            _runs.Enqueue(new StartRun(grant, now, _sentAt));
        }
    }

    /// <summary>No answer came: the call may have been heard or not.</summary>
    public void GiveUp(long sequence, long now)
    {
        if (_waits && sequence == _sequence)
        {
            (_waits, _failed, _calledAt) = (false, true, now);
        }
    }

    /// <summary>The starts that are left do not last until the next answer, or not for what could be begun at once.</summary>
    private bool StartsAreLow() => StartsHeld() <= Math.Min(StartsGoal(), _waiting) / 2;

    /// <summary>Starts for the horizon at the pace of late, and for what could be begun at once.</summary>
    private int StartsGoal() => Math.Max(0, Math.Max(_units, 1) - Running) + Math.Max(2, 3 * Math.Max(_begunSinceCall, _begunBefore));

    private int StartsHeld()
    {
        int held = 0;
        foreach (StartRun run in _runs)
        {
            held += run.Left;
        }

        return held;
    }

    private void AddEvidence(LeasedEvidence end)
    {
        _urgent |= end.Kind is HostEvidenceKind.Throttled or HostEvidenceKind.Unreachable || end.IsCanary;
        if (_evidence.Count > _batchEntries && _evidence[^1].CanJoin(end))
        {
            _evidence[^1] = _evidence[^1].Join(end);
        }
        else if (_evidence.Count < Limits.EvidenceEntriesMax * 4)
        {
            _evidence.Add(end);
        }
    }
}
