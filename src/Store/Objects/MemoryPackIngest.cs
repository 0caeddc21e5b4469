using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>An ingest into a <see cref="MemoryObjectStore"/>: holds its objects whole until it is committed.</summary>
internal sealed class MemoryPackIngest(MemoryObjectStore store, IngestOptions options) : IPackIngest, IObjectSource
{
    private readonly Dictionary<Oid, GitObject> _objects = [];
    private readonly Dictionary<Oid, ObjectReference> _references = [];
    private Oid _name;
    private Oid? _colliding;
    private long _packBytes;
    private int _packs;
    private bool _ended;

    /// <inheritdoc/>
    public async Task<PackIndexResult> AddAsync(Stream pack, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        var bytes = new TrailerStream(pack);
        await using var closing = bytes.ConfigureAwait(false);
        IReadOnlyList<KeyValuePair<Oid, GitObject>> came = await PackIndexer
            .ReadObjectsAsync(bytes, this, options.Limits, cancellationToken).ConfigureAwait(false);
        var own = new HashSet<Oid>(came.Count);
        int[] countByType = new int[5];
        foreach ((Oid oid, GitObject one) in came)
        {
            countByType[(int)one.Type]++;
            _ = own.Add(oid);
            GitObject? earlier = _objects.GetValueOrDefault(oid);
            if (earlier is not null && (earlier.Type != one.Type || !earlier.Content.Span.SequenceEqual(one.Content.Span)))
            {
                _colliding ??= oid;
            }

            _objects[oid] = one;
        }

        ObjectReference[] outgoing = ListOutgoing(came, own);
        foreach (ObjectReference reference in outgoing)
        {
            _ = _references.TryAdd(reference.Oid, reference);
        }

        _name = _packs++ == 0 ? bytes.Trailer : _name;
        _packBytes += bytes.Count;
        return new PackIndexResult
        {
            Checksum = bytes.Trailer,
            PackBytes = bytes.Count,
            ReceivedBytes = bytes.Count,
            ObjectCount = came.Count,
            CountByType = countByType,
            AppendedBases = [],
            References = outgoing,
        };
    }

    /// <summary>Here they are read again all the same: what is written and what is said of it are compared in every test of this store.</summary>
    public async Task AddMadeAsync(
        uint count, int level, IReadOnlyCollection<ObjectReference> references, Func<PackWriter, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        MemoryStream pack = new();
        using PackWriter writer = new(pack, count, level);
        await write(writer, cancellationToken).ConfigureAwait(false);
        _ = await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
        pack.Position = 0;
        PackIndexResult found = await AddAsync(pack, cancellationToken).ConfigureAwait(false);
        HashSet<ObjectReference> said = [.. references];
        if (writer.Entries.Any(entry => !_objects.ContainsKey(entry.Oid)) || !found.References.All(said.Contains))
        {
            throw new InvalidOperationException("What was written has other ids or references than were said.");
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ObjectReference>> FindMissingAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ObjectReference>>([.. Outgoing().Where(one => store.Find(one.Oid) is null)]);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Oid>> FindAbsentAsync(IReadOnlyList<Oid> oids, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Oid>>([.. oids.Where(oid => Find(oid) is null)]);

    /// <inheritdoc/>
    public Task<CommitResult> CommitAsync(string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_ended, this);
        _ended = true;
        return Task.FromResult(store.Commit(ToAside(reason), Outgoing(), newObjects));
    }

    /// <inheritdoc/>
    public async Task KeepAsideAsync(string reason, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        IReadOnlyList<ObjectReference> missing = await FindMissingAsync(cancellationToken).ConfigureAwait(false);
        _ended = true;
        store.KeepAside(ToAside(reason) with { Lacking = [.. missing.Select(one => one.Oid)] });
    }

    /// <inheritdoc/>
    public ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken) =>
        _objects.TryGetValue(oid, out GitObject? own) && own.Content.Length <= contentBytesMax
            ? ValueTask.FromResult<GitObject?>(own)
            : store.ReadAsync(oid, contentBytesMax, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _ended = true;
        return ValueTask.CompletedTask;
    }

    private static ObjectReference[] ListOutgoing(IReadOnlyList<KeyValuePair<Oid, GitObject>> came, HashSet<Oid> own)
    {
        var references = new List<ObjectReference>();
        foreach ((_, GitObject one) in came)
        {
            ObjectReferences.Read(one.Type, one.Content.Span, references.Add);
        }

        return [.. references.Where(one => !own.Contains(one.Oid)).DistinctBy(one => one.Oid).OrderBy(one => one.Oid)];
    }

    private ObjectReference[] Outgoing() => [.. _references.Values.Where(one => !_objects.ContainsKey(one.Oid)).OrderBy(one => one.Oid)];

    private GitObject? Find(Oid oid) => _objects.GetValueOrDefault(oid) ?? store.Find(oid);

    private MemoryAside ToAside(string reason) => new(_name.ToString(), reason, _objects, _packs, _packBytes, [], _colliding);
}
