using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Checks;
using Actors.Store.Index;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

/// <summary>
/// The object store in a directory: standard packs in a standard git object directory, an index over all of them beside it.
/// One process writes, any number read; the README of this project draws the directory.
/// </summary>
public sealed partial class LocalObjectStore : IObjectStore, IIngestTarget, ICheckedStore
{
    private readonly StoreLayout _layout;
    private readonly LocalStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly WriterLock? _lock;
    private readonly PackTable _packs;
    private readonly DeltaBaseCache _bases;
    private readonly SemaphoreSlim _commits = new(1, 1);
    private readonly SemaphoreSlim _compactions = new(1, 1);
    private volatile ObjectIndex _index;
    private long _commitCount;
    private long _incomingNames;
    private bool _disposed;

    private LocalObjectStore(StoreLayout layout, LocalStoreOptions options, TimeProvider clock, WriterLock? writerLock)
    {
        (_layout, _options, _clock, _lock) = (layout, options, clock, writerLock);
        _bases = new DeltaBaseCache(options.BaseCacheBytes);
        _packs = new PackTable(layout, _bases, options.OpenPacksMax);
        _index = OpenIndex();
        _refreshed = clock.GetTimestamp();
    }

    /// <summary>Opens the store at a directory.</summary>
    /// <param name="directory">Its directory; a writer makes it where there is none.</param>
    /// <param name="access">Reading, or reading and writing.</param>
    /// <param name="clock">Tells readers when to look for new packs, and when packs were kept aside.</param>
    /// <exception cref="StoreOpenException">No store, another format, or another writer.</exception>
    public static LocalObjectStore Open(string directory, StoreAccess access, TimeProvider clock) =>
        Open(directory, access, clock, LocalStoreOptions.Default);

    internal static LocalObjectStore Open(string directory, StoreAccess access, TimeProvider clock, LocalStoreOptions options)
    {
        var layout = new StoreLayout(Path.GetFullPath(directory));
        if (access == StoreAccess.Read)
        {
            layout.Check();
            return new LocalObjectStore(layout, options, clock, null);
        }

        _ = Directory.CreateDirectory(layout.Root);
        var writerLock = WriterLock.Take(layout);
        try
        {
            layout.Create();
            layout.Check();
            layout.SweepUnfinished();
            return new LocalObjectStore(layout, options, clock, writerLock);
        }
        catch
        {
            writerLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IPackIngest> BeginIngestAsync(IngestOptions options, CancellationToken cancellationToken)
    {
        DemandWriter();
        return Task.FromResult<IPackIngest>(new PackIngest(this, options, CreateIncoming()));
    }

    /// <inheritdoc/>
    public ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken)
    {
        RefreshIfDue(force: true);
        IReadOnlyList<PackSize> sizes = _packs.Sizes();
        return ValueTask.FromResult(new StoreFigures(
            sizes.Count, _index.Count, sizes.Sum(one => one.Bytes), _index.Bytes, _index.Runs, AsideDirectory.List(_layout).Count()));
    }

    /// <summary>Flushes the object index and lets the store go. Ingests that were not committed are swept by the next writer.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (_lock is not null)
            {
                _index.Flush();
            }

            _index.Dispose();
            _formerIndex?.Dispose();
            _packs.Dispose();
            _lock?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private void DemandWriter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_lock is null)
        {
            throw new InvalidOperationException($"The store at {_layout.Root} was opened for reading.");
        }
    }

    /// <summary>A new directory for packs on their way in.</summary>
    private string CreateIncoming()
    {
        string path = Path.Combine(_layout.Incoming, $"{Interlocked.Increment(ref _incomingNames)}");
        _ = Directory.CreateDirectory(path);
        return path;
    }

    private void Step(string name) => _options.Step?.Invoke(name);
}
