using System.Security.Cryptography;
using Actors.Git.Objects;
using Actors.Store.ExtIds;
using Actors.Store.Objects;
using Oid = Actors.Git.Objects.Oid;

namespace Actors.Loaders.Objects;

/// <summary>
/// The objects of one load on their way into the store: hashed as they come, each kept once, what the store has left out, the
/// rest written as packs into one ingest, each while the next is filled. What a failing release brought is taken back, as far as it was not written yet;
/// what was is blobs that hold nothing open. One caller at a time.
/// </summary>
internal sealed class ObjectSink(IObjectStore store, int level, bool deltas = true) : IContentSink, IAsyncDisposable
{
    private readonly HashSet<Oid> _seen = [];
    private readonly List<(Oid Oid, ObjectType Type, byte[] Content)> _pending = [];
    private readonly List<Oid> _sinceMark = [];
    private readonly List<ContentName> _contents = [];
    private readonly Resemblances? _likes = deltas ? new() : null;
    private List<(Oid Oid, ObjectType Type, byte[] Content)> _batch = [];
    private List<(Oid Oid, ObjectType Type, byte[] Content)> _written = [];
    private Task _writing = Task.CompletedTask;
    private IPackIngest? _ingest;
    private long _pendingBytes;
    private long _batchBytes;
    private int _mark;
    private int _contentsMark;

    /// <summary>Names of all contents of the releases that succeeded.</summary>
    public IReadOnlyList<ContentName> Contents => _contents;

    /// <summary>Bytes of contents that were unpacked, known ones too.</summary>
    public long UnpackedBytes { get; private set; }

    /// <inheritdoc/>
    public ValueTask<Oid> AddAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        Oid oid = ObjectHash.Compute(ObjectType.Blob, content);
        UnpackedBytes += content.Length;
        if (!_seen.Add(oid))
        {
            return ValueTask.FromResult(oid);
        }

        _contents.Add(new ContentName(oid, Convert.ToHexStringLower(Sha1.Plain(content)), Convert.ToHexStringLower(SHA256.HashData(content)), content.Length));
        _likes?.Add(path, oid);
        return Enter(oid, ObjectType.Blob, content) ? AwaitRoomAsync(oid, cancellationToken) : ValueTask.FromResult(oid);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> RecallAsync(Oid oid, CancellationToken cancellationToken)
    {
        foreach ((Oid one, _, byte[] content) in _pending.Concat(_batch).Concat(_written))
        {
            if (one == oid)
            {
                return content;
            }
        }

        return (await store.ReadAsync(oid, Limits.MetadataBytesMax, cancellationToken).ConfigureAwait(false))?.Content;
    }

    /// <summary>Adds the trees of a release, then its commit or tag.</summary>
    /// <returns>The commit's or tag's oid.</returns>
    public async ValueTask<Oid> AddReleaseAsync(TreeDraft tree, Func<Oid, ReleaseDraft> release, CancellationToken cancellationToken)
    {
        Forget(tree);
        Oid root = TreeBytes.Write(tree.Root, AddTree);
        ReleaseDraft draft = release(root);
        byte[] content = draft.Encode(root);
        Oid target = ObjectHash.Compute(draft.Type, content);
        AddOnce(target, draft.Type, content);
        await LookUpAsync(cancellationToken).ConfigureAwait(false);
        return target;
    }

    /// <summary>Begins a release: <see cref="Rollback"/> takes back what comes from here on.</summary>
    public async ValueTask BeginReleaseAsync(CancellationToken cancellationToken)
    {
        await LookUpAsync(cancellationToken).ConfigureAwait(false);
        await FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
        _sinceMark.Clear();
        (_mark, _contentsMark) = (_batch.Count, _contents.Count);
    }

    /// <summary>Forgets what the release brought since it began.</summary>
    public void Rollback()
    {
        _pending.Clear();
        _pendingBytes = 0;
        for (int i = _mark; i < _batch.Count; i++)
        {
            _batchBytes -= _batch[i].Content.Length;
        }

        _batch.RemoveRange(_mark, _batch.Count - _mark);
        _contents.RemoveRange(_contentsMark, _contents.Count - _contentsMark);
        _sinceMark.ForEach(oid => _seen.Remove(oid));
        _sinceMark.Clear();
    }

    /// <summary>Writes what is left and makes all visible; null when nothing was new.</summary>
    public async Task<CommitResult?> CommitAsync(string reason, Action<Oid, ObjectType>? newObjects, CancellationToken cancellationToken)
    {
        await LookUpAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        return _ingest is null ? null : await _ingest.CommitAsync(reason, newObjects, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever waits for it has seen how it ended, and nobody else asks.
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_ingest is not null)
        {
            await _ingest.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes back contents that are not in the tree after all: replaced by a later entry or a patch.</summary>
    private void Forget(TreeDraft tree)
    {
        HashSet<Oid> used = tree.ListBlobs();
        bool IsUnused(Oid oid) => !used.Contains(oid);
        foreach (Oid oid in _sinceMark.Where(IsUnused))
        {
            _ = _seen.Remove(oid);
        }

        _pendingBytes -= _pending.Where(one => IsUnused(one.Oid)).Sum(one => (long)one.Content.Length);
        _ = _pending.RemoveAll(one => IsUnused(one.Oid));
        List<(Oid Oid, ObjectType Type, byte[] Content)> kept = [.. _batch.Skip(_mark).Where(one => !IsUnused(one.Oid))];
        _batchBytes += kept.Sum(one => (long)one.Content.Length) - _batch.Skip(_mark).Sum(one => (long)one.Content.Length);
        _batch.RemoveRange(_mark, _batch.Count - _mark);
        _batch.AddRange(kept);
        List<ContentName> names = [.. _contents.Skip(_contentsMark).Where(one => !IsUnused(one.Oid))];
        _contents.RemoveRange(_contentsMark, _contents.Count - _contentsMark);
        _contents.AddRange(names);

        _ = _sinceMark.RemoveAll(IsUnused);
    }

    private void AddTree(string path, Oid oid, byte[] content)
    {
        if (!_seen.Contains(oid))
        {
            _likes?.Add(path, oid);
            AddOnce(oid, ObjectType.Tree, content);
        }
    }

    private void AddOnce(Oid oid, ObjectType type, byte[] content)
    {
        if (_seen.Add(oid))
        {
            _ = Enter(oid, type, content);
        }
    }

    /// <summary>True: enough wait for a look-up.</summary>
    private bool Enter(Oid oid, ObjectType type, byte[] content)
    {
        _sinceMark.Add(oid);
        _pending.Add((oid, type, content));
        _pendingBytes += content.Length;
        return _pending.Count >= Limits.LookUpObjectsMax || _pendingBytes >= Limits.LookUpBytesMax;
    }

    private async ValueTask<Oid> AwaitRoomAsync(Oid oid, CancellationToken cancellationToken)
    {
        await LookUpAsync(cancellationToken).ConfigureAwait(false);
        await FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
        return oid;
    }

    private async ValueTask LookUpAsync(CancellationToken cancellationToken)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        Oid[] oids = [.. _pending.Select(one => one.Oid)];
        bool[] present = new bool[oids.Length];
        await store.ContainsAsync(oids, present, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < present.Length; i++)
        {
            if (!present[i])
            {
                _batch.Add(_pending[i]);
                _batchBytes += _pending[i].Content.Length;
            }
        }

        _pending.Clear();
        _pendingBytes = 0;
    }

    private ValueTask FlushIfFullAsync(CancellationToken cancellationToken) =>
        _batchBytes >= Limits.BatchBytesMax || _batch.Count >= Limits.BatchObjectsMax ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Begins to write the batch as one pack; the one before is complete then.</summary>
    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.ConfigureAwait(false);
        if (_batch.Count == 0)
        {
            return;
        }

        IPackIngest ingest = _ingest ??= await store.BeginIngestAsync(new IngestOptions(), cancellationToken).ConfigureAwait(false);
        BatchPack pack = new(_batch, _likes?.Take(), level);
        (_written, _batch) = (_batch, []);
        _writing = Task.Run(() => pack.AddToAsync(ingest, cancellationToken), cancellationToken);
        _sinceMark.Clear();
        (_batchBytes, _mark) = (0, 0);
    }
}
