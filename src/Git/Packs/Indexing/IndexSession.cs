using Actors.Git.Objects;
using Microsoft.Win32.SafeHandles;

namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Indexes one pack: 1. receive and scan, 2. check the trailer, 3. resolve deltas, 4. complete a thin pack, 5. write the
/// index and list outgoing references. Whatever fails, the files that it made are gone.
/// </summary>
internal sealed partial class IndexSession : IDisposable
{
    /// <summary>Packs below are not worth a second thread.</summary>
    private const long OneThreadBytesMax = 128 << 10;

    private readonly PackIndexOptions _options;
    private readonly IndexingCosts _costs;
    private readonly CancellationToken _cancellationToken;
    private readonly DeltaArena _arena;
    private readonly ReferenceCollector? _references;
    private readonly CapturedObjects? _captured;
    private readonly string? _folder;
    private SafeFileHandle? _file;
    private FileStream? _index;
    private PackBytes? _bytes;
    private PackScan? _scan;
    private DeltaResolver? _resolver;
    private byte[]? _received;
    private long _receivedBytes;
    private Oid _checksum;

    private IndexSession(PackIndexOptions options, CapturedObjects? captured, CancellationToken cancellationToken)
    {
        (_options, _captured, _cancellationToken) = (options, captured, cancellationToken);
        _costs = new IndexingCosts(options.Limits);
        _arena = new DeltaArena(_costs.ArenaBytes);
        _folder = captured is null ? Path.GetDirectoryName(Path.GetFullPath(options.PackPath)) : null;
        if (options.ListReferences && captured is null)
        {
            _references = new ReferenceCollector(_costs.ReferenceBytes, _folder, options.Limits.OutgoingReferenceCountMax);
        }
    }

    private EntryTable Entries => _scan!.Entries;

    /// <summary>Indexes a pack that comes from a stream.</summary>
    public static async Task<PackIndexResult> RunAsync(Stream pack, PackIndexOptions options, CancellationToken cancellationToken)
    {
        using var session = new IndexSession(options, null, cancellationToken);
        bool ownsPack = false;
        try
        {
            session._file = File.OpenHandle(options.PackPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            ownsPack = true;
            session.CreateIndex();
            await session.ReceiveAsync(pack).ConfigureAwait(false);
            return await session.FinishAsync().ConfigureAwait(false);
        }
        catch
        {
            session.Discard(ownsPack);
            throw;
        }
    }

    /// <summary>Indexes a pack that is in its file already; a thin one is completed there, and stays so after a failure.</summary>
    public static async Task<PackIndexResult> RunInPlaceAsync(PackIndexOptions options, CancellationToken cancellationToken)
    {
        using var session = new IndexSession(options, null, cancellationToken);
        try
        {
            FileAccess access = options.Bases is null ? FileAccess.Read : FileAccess.ReadWrite;
            session._file = File.OpenHandle(options.PackPath, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
            session.CreateIndex();
            await session.ScanFileAsync().ConfigureAwait(false);
            return await session.FinishAsync().ConfigureAwait(false);
        }
        catch
        {
            session.Discard(ownsPack: false);
            throw;
        }
    }

    /// <summary>Reads a pack's objects into memory.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<Oid, GitObject>>> ReadAsync(
        Stream pack, IObjectSource? bases, PackLimits limits, CancellationToken cancellationToken)
    {
        var options = new PackIndexOptions { PackPath = "", IndexPath = "", Bases = bases, Limits = limits, Threads = 1, Fsync = false };
        var captured = new CapturedObjects(limits.MemoryBytesMax);
        using var session = new IndexSession(options, captured, cancellationToken);
        await session.ReceiveInMemoryAsync(pack).ConfigureAwait(false);
        session.Resolve();
        await session.CompleteAsync().ConfigureAwait(false);
        return session.ListCaptured();
    }

    public void Dispose()
    {
        _resolver?.Dispose();
        _scan?.Dispose();
        _bytes?.Dispose();
        _references?.Dispose();
        _arena.Dispose();
        _file?.Dispose();
        _index?.Dispose();
        if (_received is not null)
        {
            PinnedBuffers.Return(_received);
        }
    }

    private void CreateIndex() =>
        _index = new FileStream(_options.IndexPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);

    private void Discard(bool ownsPack)
    {
        if (_index is not null)
        {
            File.Delete(_options.IndexPath);
        }

        if (ownsPack)
        {
            File.Delete(_options.PackPath);
        }
    }

    private async Task<PackIndexResult> FinishAsync()
    {
        await Task.Run(Resolve, CancellationToken.None).ConfigureAwait(false);
        await CompleteAsync().ConfigureAwait(false);
        return await Task.Run(WriteIndex, CancellationToken.None).ConfigureAwait(false);
    }

    private int ThreadsFor(long bytes) => bytes <= OneThreadBytesMax ? 1 : Math.Max(1, _options.Threads);

    private void BeginScan(ReadOnlySpan<byte> header, int threads)
    {
        uint count = PackFormat.ReadHeader(header);
        if (count > _costs.Limits.ObjectCountMax || count > int.MaxValue)
        {
            throw new GitFormatException(
                GitFormatError.OverLimit, $"A pack of {count} entries; {_costs.Limits.ObjectCountMax} are allowed", 8);
        }

        bool lists = _references is not null;
        _scan = new PackScan(
            _bytes!, count, threads, _costs, _references, () => new EntryScanner(_costs, _arena, lists, _captured, _folder), _cancellationToken);
    }

    private void Resolve()
    {
        _resolver = new DeltaResolver(Entries, _bytes!, _receivedBytes, _costs, _references, _captured, _folder)
        {
            BytesEnd = _receivedBytes - PackFormat.TrailerLength,
        };
        _resolver.Run(0, Entries.Count, ThreadsFor(_receivedBytes), _cancellationToken);
    }

    private List<KeyValuePair<Oid, GitObject>> ListCaptured()
    {
        var list = new List<KeyValuePair<Oid, GitObject>>(_receivedCount);
        var seen = new HashSet<Oid>();
        for (int i = 0; i < _receivedCount; i++)
        {
            ref IndexedEntry entry = ref Entries[i];
            if (!seen.Add(entry.Oid))
            {
                throw new GitFormatException(GitFormatError.Pack, $"The object {entry.Oid} is in the pack twice", entry.Offset);
            }

            list.Add(new(entry.Oid, _captured![entry.Offset]));
        }

        return list;
    }
}
