using Actors.Grains.Repositories;
using Actors.Sync.ForgeHosts;

namespace Actors.Grains.ForgeHosts;

/// <summary>
/// A silo's door to one forge host: syncs wait here for their permits. <see cref="LeasedPermits"/> decides, this gives it
/// a lock, a timer and the calls to the forge grain. Safe for concurrent calls.
/// </summary>
internal sealed class HostGate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LeasedPermits _permits;
    private readonly Queue<TaskCompletionSource<HostAdmission>> _waiters = new();
    private readonly Func<HostCall, Task<HostGrant>> _call;
    private readonly Action<Exception> _failed;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly long _origin;
    private readonly int _atOnceMax;
    private CancellationTokenSource _lapsed = new();
    private int _term;
    private long _waiting;
    private long _timerAt = long.MaxValue;
    private long _usedAt;
    private bool _disposed;

    /// <param name="silo">Unique among processes, of this start.</param>
    /// <param name="atOnceMax">Syncs that the silo would run at once.</param>
    /// <param name="call">Reaches the forge grain.</param>
    /// <param name="failed">Told of calls that failed.</param>
    /// <param name="clock">Times.</param>
    public HostGate(string silo, int atOnceMax, Func<HostCall, Task<HostGrant>> call, Action<Exception> failed, TimeProvider clock)
    {
        (_call, _failed, _clock, _permits, _atOnceMax) = (call, failed, clock, new LeasedPermits(silo), atOnceMax);
        _origin = clock.GetTimestamp();
        _timer = clock.CreateTimer(static gate => ((HostGate)gate!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Syncs that run.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _permits.Running;
            }
        }
    }

    /// <summary>Somebody waits for a permit: more work would only lie here.</summary>
    public bool HasEnough
    {
        get
        {
            lock (_gate)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>Ticks since the gate was made; never go back.</summary>
    private long Now => _clock.GetElapsedTime(_origin).Ticks;

    /// <summary>More (or less) of the host's repositories wait in this silo: so much is asked for.</summary>
    public void AddWaiting(int more)
    {
        lock (_gate)
        {
            _waiting += more;
        }

        Turn();
    }

    /// <summary>Waits for a permit.</summary>
    public Task<HostAdmission> EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HostAdmission> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiters.Enqueue(waiter);
        }

        Turn();
        return waiter.Task.IsCompleted || !cancellationToken.CanBeCanceled ? waiter.Task : EnterAsync(waiter, cancellationToken);
    }

    /// <summary>Right before the host is asked: the same permit, or, where its start is void by now, another one that was waited for.</summary>
    /// <returns>Null: there is none for now, and the permit was given back.</returns>
    public async Task<HeldPermit?> RenewAsync(HeldPermit permit, CancellationToken cancellationToken)
    {
        for (int late = 0; late < Limits.LateStartsMax && Now >= permit.Permit.BegunBefore; late++)
        {
            End(permit.Permit, null);
            if ((await EnterAsync(cancellationToken)).Permit is not HeldPermit other)
            {
                return null;
            }

            permit = other;
        }

        return permit;
    }

    /// <summary>Gives a permit back. <paramref name="evidence"/>: what the end says; null: the host was not asked.</summary>
    public void End(in LeasedPermit permit, HostEvidence? evidence)
    {
        lock (_gate)
        {
            _permits.End(permit, permit.Term == _permits.Term ? evidence : null);
        }

        Turn();
    }

    /// <summary>The forge grain's news.</summary>
    public void Silence(long version, TimeSpan silentFor)
    {
        lock (_gate)
        {
            _permits.Silence(version, silentFor, Now);
        }

        Turn();
    }

    /// <summary>Says that it will be used now; false: it was closed, and another is to be made.</summary>
    public bool TryUse()
    {
        lock (_gate)
        {
            _usedAt = Now;
            return !_disposed;
        }
    }

    /// <summary>Closes it, if nothing was done here for long.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            return _disposed |= _permits.IsIdle && _waiters.Count == 0 && _waiting == 0 && Now - _usedAt > Limits.GateIdleTime.Ticks;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _lapsed.Dispose();
    }

    private static async Task<HostAdmission> EnterAsync(TaskCompletionSource<HostAdmission> waiter, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<HostAdmission>)state!).TrySetCanceled(token), waiter);
        return await waiter.Task;
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerAt = long.MaxValue;
        }

        Turn();
    }

    /// <summary>Whatever happened: lets in who may enter, calls when it is time, and comes again.</summary>
    private void Turn()
    {
        CancellationTokenSource? lapsed = null;
        HostCall? call;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            long now = Now;
            _permits.Look(now);
            if (_permits.Term != _term)
            {
                (_term, lapsed, _lapsed) = (_permits.Term, _lapsed, new CancellationTokenSource());
            }

            long readyAt = Admit(now);
            long waiting = Math.Max(_waiting, _waiters.Count);
            _permits.Want(Math.Min(_atOnceMax, _permits.Running + _waiters.Count), waiting);
            _usedAt = _permits.IsIdle && _waiting == 0 ? _usedAt : now;
            call = _permits.TryCall(now, out HostCall due) ? due : null;
            Arm(now, Math.Min(readyAt, Math.Min(_permits.NextCallAt(now), _permits.ValidUntil > 0 ? _permits.ValidUntil : long.MaxValue)));
        }

        lapsed?.Cancel();
        lapsed?.Dispose();
        if (call is not null)
        {
            // Not in the turn of the grain that happened to come by.
            ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Gate.CallAsync(state.Call), (Gate: this, Call: call), preferLocal: false);
        }
    }

    /// <summary>Under the lock. Says when the next may enter, where it is a matter of time.</summary>
    private long Admit(long now)
    {
        while (_waiters.TryPeek(out TaskCompletionSource<HostAdmission>? waiter))
        {
            if (waiter.Task.IsCompleted)
            {
                _waiters.Dequeue();
                continue;
            }

            PermitAnswer answer = _permits.TryBegin(now, out LeasedPermit permit);
            // Nobody is sent away for what was said long ago.
            bool heard = now - _permits.HeardAt < Sync.Limits.AskAgainMax.Ticks;
            bool silent = _permits.SilentUntil - now > Limits.SilencePatience.Ticks;
            if (answer == PermitAnswer.Granted)
            {
                _waiters.Dequeue();
                if (!waiter.TrySetResult(new HostAdmission(answer, new HeldPermit(this, permit, _lapsed.Token), TimeSpan.Zero)))
                {
                    _permits.End(permit, null);
                }
            }
            else if (heard && (answer == PermitAnswer.GivenUp || silent))
            {
                _waiters.Dequeue();
                waiter.TrySetResult(new HostAdmission(answer == PermitAnswer.GivenUp ? answer : PermitAnswer.NotYet, null, TimeSpan.FromTicks(Math.Max(0, _permits.SilentUntil - now))));
            }
            else
            {
                return answer == PermitAnswer.NotYet ? _permits.ReadyAt : long.MaxValue;
            }
        }

        return long.MaxValue;
    }

    /// <summary>Under the lock. In whole milliseconds, upwards: a timer that fires too early would only come again.</summary>
    private void Arm(long now, long at)
    {
        if (at != _timerAt)
        {
            _timerAt = at;
            _timer.Change(
                at == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling((at - now) / (double)TimeSpan.TicksPerMillisecond), 1, 3_600_000)),
                Timeout.InfiniteTimeSpan);
        }
    }

    private async Task CallAsync(HostCall call)
    {
        HostGrant? grant = null;
        try
        {
            grant = await _call(call).WaitAsync(Limits.ForgeCallTime, _clock);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The owner may be on its way to another silo: the next call finds it.
            _failed(failure);
        }

        lock (_gate)
        {
            if (grant is null)
            {
                _permits.GiveUp(call.Sequence, Now);
            }
            else
            {
                _permits.Apply(grant, Now);
            }
        }

        Turn();
    }
}
