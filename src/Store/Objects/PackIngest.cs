using System.Globalization;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

/// <summary>An ingest into a store of packs: packs and indexes in a local directory of its own until they are committed.</summary>
internal sealed class PackIngest(IIngestTarget store, IngestOptions options, string directory) : IPackIngest, IObjectSource
{
    private readonly List<IncomingPack> _packs = [];
    private int _names;
    private bool _ended;
    private bool _gone;

    /// <summary>Its packs, in the order in which they came. Empty packs are not among them.</summary>
    public IReadOnlyList<IncomingPack> Packs => _packs;

    /// <summary>Where its files are.</summary>
    public string DirectoryPath => directory;

    /// <inheritdoc/>
    public async Task<PackIndexResult> AddAsync(Stream pack, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        string name = (_names++).ToString(CultureInfo.InvariantCulture);
        var files = new PackIndexOptions
        {
            PackPath = Path.Combine(directory, name + ".pack"),
            IndexPath = Path.Combine(directory, name + ".idx"),
            Bases = this,
            Limits = options.Limits,
            Threads = options.Threads,
            Fsync = store.FlushesIncoming,
        };
        PackIndexResult result = await PackIndexer.IndexAsync(pack, files, cancellationToken).ConfigureAwait(false);
        if (result.ObjectCount > 0)
        {
            _packs.Add(IncomingPack.Open(files.PackPath, files.IndexPath, result, store.Bases));
        }

        return result;
    }

    /// <inheritdoc/>
    public async Task AddMadeAsync(
        uint count, int level, IReadOnlyCollection<ObjectReference> references, Func<PackWriter, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        string name = (_names++).ToString(CultureInfo.InvariantCulture);
        string packPath = Path.Combine(directory, name + ".pack"), indexPath = Path.Combine(directory, name + ".idx");
        try
        {
            FileStream file = new(packPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
            await using (file.ConfigureAwait(false))
            {
                using PackWriter writer = new(file, count, level);
                await write(writer, cancellationToken).ConfigureAwait(false);
                Oid checksum = await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
                writer.WriteIndex(indexPath, checksum, store.FlushesIncoming);
                if (store.FlushesIncoming)
                {
                    file.Flush(flushToDisk: true);
                }
            }

            _packs.Add(IncomingPack.Open(packPath, indexPath, references, store.Bases));
        }
        catch
        {
            File.Delete(packPath);
            File.Delete(indexPath);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ObjectReference>> FindMissingAsync(CancellationToken cancellationToken)
    {
        ObjectReference[] outgoing = [.. _packs.SelectMany(pack => pack.References).DistinctBy(one => one.Oid).Where(one => !Has(one.Oid)).OrderBy(one => one.Oid)];
        bool[] present = new bool[outgoing.Length];
        await store.ContainsAsync(outgoing.Select(one => one.Oid).ToArray(), present, cancellationToken).ConfigureAwait(false);
        return [.. outgoing.Where((_, i) => !present[i])];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Oid>> FindAbsentAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken)
    {
        Oid[] asked = [.. oids];
        bool[] present = new bool[asked.Length];
        await store.ContainsAsync(asked, present, cancellationToken).ConfigureAwait(false);
        return [.. asked.Where((oid, i) => !present[i] && !Has(oid))];
    }

    /// <inheritdoc/>
    public async Task<CommitResult> CommitAsync(string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken)
    {
        End();
        return await store.CommitAsync(this, reason, newObjects, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task KeepAsideAsync(string reason, CancellationToken cancellationToken)
    {
        End();
        IReadOnlyList<ObjectReference> missing = await FindMissingAsync(cancellationToken).ConfigureAwait(false);
        await store.KeepAsideAsync(this, new AsideNote { Reason = reason, MissingCount = missing.Count }, missing, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken)
    {
        foreach (IncomingPack pack in _packs)
        {
            if (pack.Pack.TryFind(oid, out int position))
            {
                return pack.Pack.Read(position, contentBytesMax);
            }
        }

        return await store.ReadAsync(oid, contentBytesMax, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _ended = true;
        if (_gone)
        {
            return ValueTask.CompletedTask;
        }

        _gone = true;
        _packs.ForEach(pack => pack.Dispose());
        _packs.Clear();
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        store.Forget(this);
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _ended = true;
    }

    private bool Has(Oid oid) => _packs.Exists(pack => pack.Pack.TryFind(oid, out _));
}
