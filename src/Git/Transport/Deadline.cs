using Actors.Git.Remotes;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>
/// The time that one exchange has: so long in all, so long between two bytes. Costs one pooled cancellation source, no
/// timer per probe. Waiting on ourselves (a slow receiver) does not count: it runs only between <see cref="Arm"/> and <see cref="Disarm"/>.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly DeadlinePool _pool;
    private CancellationTokenSource _source;
    private CancellationTokenRegistration _registration;
    private CancellationToken _caller;
    private TimeSpan _idle;
    private long _endTimestamp;

    internal Deadline(DeadlinePool pool) => (_pool, _source) = (pool, pool.CreateSource());

    /// <summary>Cancelled when time is up, or by the caller.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether time was up, and not the caller who gave up.</summary>
    public bool HasPassed => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Begins a wait for the other side.</summary>
    public void Arm()
    {
        TimeSpan wait = _idle;
        if (_endTimestamp != long.MaxValue)
        {
            TimeSpan left = _pool.Clock.GetElapsedTime(_pool.Clock.GetTimestamp(), _endTimestamp);
            wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < wait ? left : wait;
        }

        _source.CancelAfter(wait);
    }

    /// <summary>Ends it.</summary>
    public void Disarm() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>One read under the deadline; what goes wrong is a <see cref="RemoteFailureException"/>.</summary>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> destination)
    {
        Arm();
        try
        {
            int read = await stream.ReadAsync(destination, Token).ConfigureAwait(false);
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

    internal void Start(TimeSpan idle, TimeSpan total, CancellationToken caller)
    {
        _idle = idle;
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
