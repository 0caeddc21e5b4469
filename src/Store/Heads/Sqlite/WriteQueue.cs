using System.Threading.Channels;

namespace Actors.Store.Heads.Sqlite;

/// <summary>
/// Brings all writes to the one writer, one after the other. Those that wait together share a transaction, and so one
/// wait for the disk; when one of them fails, each is done again by itself, so that it harms no other.
/// </summary>
internal sealed class WriteQueue : IAsyncDisposable
{
    private readonly HeadWriter _writer;
    private readonly Channel<Write> _writes = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    public WriteQueue(HeadWriter writer)
    {
        _writer = writer;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Done when what <paramref name="action"/> wrote is on disk. Not to be cancelled once it has begun.</summary>
    public async ValueTask<T> WriteAsync<T>(Func<HeadWriter, T> action, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        T result = default!;
        Write write = new(writer => result = action(writer), cancellationToken);
        ObjectDisposedException.ThrowIf(!_writes.Writer.TryWrite(write), this);
        await write.Done.Task.ConfigureAwait(false);
        return result;
    }

    /// <summary>Finishes what waits, then closes the writer.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writes.Writer.TryComplete())
        {
            await _loop.ConfigureAwait(false);
            _writer.Dispose();
        }
    }

    private async Task RunAsync()
    {
        List<Write> together = [];
        while (await _writes.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (together.Count < Limits.HeadWritesTogetherMax && _writes.Reader.TryRead(out Write? write))
            {
                if (write.CancellationToken.IsCancellationRequested)
                {
                    write.Done.SetCanceled(write.CancellationToken);
                }
                else
                {
                    together.Add(write);
                }
            }

            Commit(together);
            together.Clear();
        }
    }

    private void Commit(List<Write> writes)
    {
        if (writes.Count == 0)
        {
            return;
        }

        Exception? failure = TryCommit(writes);
        foreach (Write write in writes)
        {
            Exception? own = failure is null || writes.Count == 1 ? failure : TryCommit([write]);
            if (own is null)
            {
                write.Done.SetResult();
            }
            else
            {
                write.Done.SetException(own);
            }
        }
    }

#pragma warning disable CA1031 // Whatever went wrong belongs to the caller who waits for the write; the queue goes on.
    private Exception? TryCommit(List<Write> writes)
    {
        try
        {
            _writer.Begin();
            foreach (Write write in writes)
            {
                write.Action(_writer);
            }

            _writer.Commit();
            return null;
        }
        catch (Exception e)
        {
            return Undo(e);
        }
    }

    private Exception Undo(Exception failure)
    {
        try
        {
            _writer.Rollback();
            return failure;
        }
        catch (Exception e)
        {
            return new AggregateException(failure, e);
        }
    }
#pragma warning restore CA1031

    private sealed record Write(Action<HeadWriter> Action, CancellationToken CancellationToken)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
