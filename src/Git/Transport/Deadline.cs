using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>
/// The time that one exchange has: so long in all, so long between two bytes. Costs one pooled cancellation source, and
/// one setting of its timer for a probe whose bytes come at once. Where no total is set, waiting on ourselves (a slow
/// receiver) does not count: the time runs only while a read or write waits.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private const long NotArmed = long.MinValue;

    // A wait is counted from at most this much before it began: setting the timer again for each of many quick reads would cost more than it tells.
    private const int ArmedFractionMax = 16;

    private readonly DeadlinePool _pool;
    private CancellationTokenSource _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _caller;
    private TimeSpan _idle;
    private long _endTimestamp;
    private long _armedTimestamp = NotArmed;

    internal Deadline(DeadlinePool pool) => (_pool, _source) = (pool, pool.CreateSource());

    /// <summary>Cancelled when time is up, or by the caller.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether time was up, and not the caller who gave up.</summary>
    public bool HasPassed => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Begins a wait for the other side.</summary>
    public void Arm()
    {
        long now = _pool.Clock.GetTimestamp();
        if (_armedTimestamp != NotArmed && _pool.Clock.GetElapsedTime(_armedTimestamp, now) < _idle / ArmedFractionMax)
        {
            return;
        }

        TimeSpan wait = _idle;
        if (HasTotal)
        {
            TimeSpan left = _pool.Clock.GetElapsedTime(now, _endTimestamp);
            wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < wait ? left : wait;
        }

        _armedTimestamp = now;
        _source.CancelAfter(wait);
    }

    /// <summary>One read under the deadline; what goes wrong is a <see cref="RemoteFailureException"/>.</summary>
    public ValueTask<int> ReadAsync(Stream stream, Memory<byte> destination)
    {
        ValueTask<int> read;
        try
        {
            read = stream.ReadAsync(destination, Token);
        }
        catch (Exception e) when (TransportFailures.Explain(e, this) is { } failure)
        {
            throw new RemoteFailureException(failure, e);
        }

        if (!read.IsCompletedSuccessfully)
        {
            return AwaitAsync(read);
        }

        // Bytes that are there already wait for nobody.
        int length = read.Result;
        return length > 0 ? ValueTask.FromResult(length) : AwaitAsync(ValueTask.FromResult(length));
    }

    /// <summary>One write under the deadline, likewise.</summary>
    public async ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> bytes)
    {
        Arm();
        try
        {
            await stream.WriteAsync(bytes, Token).ConfigureAwait(false);
            await stream.FlushAsync(Token).ConfigureAwait(false);
        }
        catch (Exception e) when (TransportFailures.Explain(e, this) is { } failure)
        {
            throw new RemoteFailureException(failure, e);
        }
        finally
        {
            Disarm();
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _registration = default;
        _caller = default;
        _pool.Return(this);
    }

    private bool HasTotal => _endTimestamp != long.MaxValue;

    private async ValueTask<int> AwaitAsync(ValueTask<int> pending)
    {
        Arm();
        try
        {
            int read = await pending.ConfigureAwait(false);
            if (read == 0)
            {
                // A pipe cannot be cancelled: its program is ended instead, which looks like an end of the stream.
                Token.ThrowIfCancellationRequested();
            }

            return read;
        }
        catch (Exception e) when (TransportFailures.Explain(e, this) is { } failure)
        {
            throw new RemoteFailureException(failure, e);
        }
        finally
        {
            Disarm();
        }
    }

    private void Disarm()
    {
        if (!HasTotal)
        {
            _armedTimestamp = NotArmed;
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    internal void Start(TimeSpan idle, TimeSpan total, CancellationToken caller)
    {
        _idle = idle;
        _armedTimestamp = NotArmed;
        _caller = caller;
        _endTimestamp = total == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : _pool.Clock.GetTimestamp() + (long)(total.TotalSeconds * _pool.Clock.TimestampFrequency);
        _registration = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Whether it may be used again; otherwise it is done with.</summary>
    internal bool TryReset()
    {
        if (_source.TryReset())
        {
            return true;
        }

        _source.Dispose();
        return false;
    }
}
