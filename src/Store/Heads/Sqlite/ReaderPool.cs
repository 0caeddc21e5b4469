using System.Collections.Concurrent;

namespace Actors.Store.Heads.Sqlite;

/// <summary>A few reading connections, opened when first needed.</summary>
internal sealed class ReaderPool(string path) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(Limits.HeadReadersMax);
    private readonly ConcurrentBag<HeadReader> _readers = [];
    private bool _disposed;

    /// <summary>Runs a short read on a connection of the pool.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<HeadReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_readers.TryTake(out HeadReader? reader))
            {
                reader = new HeadReader(HeadConnection.OpenReader(path));
            }

            try
            {
                return reader.Read(read);
            }
            finally
            {
                _readers.Add(reader);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads that run, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        for (int i = 0; i < Limits.HeadReadersMax; i++)
        {
            await _free.WaitAsync().ConfigureAwait(false);
        }

        _disposed = true;
        foreach (HeadReader reader in _readers)
        {
            reader.Dispose();
        }

        _readers.Clear();
        _free.Release(Limits.HeadReadersMax);
    }
}
