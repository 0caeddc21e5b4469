using System.Runtime.CompilerServices;
using Actors.Git;
using Actors.Git.Objects;
using Actors.Git.Packs;

namespace Actors.Store.Objects;

/// <summary>
/// An object store in memory with the same rules as the one on disk: for tests, simulations and throw-away runs. Holds
/// whole objects, each once; safe for any number of callers.
/// </summary>
public sealed class MemoryObjectStore : IObjectStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Oid, GitObject> _objects = [];
    private readonly List<MemoryAside> _aside = [];

    /// <summary>An empty store.</summary>
    public MemoryObjectStore()
    {
    }

    /// <summary>A store of objects that are believed to have the ids given.</summary>
    internal MemoryObjectStore(IEnumerable<KeyValuePair<Oid, GitObject>> objects) => _objects = new(objects);

    /// <inheritdoc/>
    public ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken)
    {
        GitObject? found = Find(oid);
        return found is null || found.Content.Length <= contentBytesMax
            ? ValueTask.FromResult(found)
            : throw new GitFormatException(GitFormatError.OverLimit, $"Object {oid} is {found.Content.Length} bytes long, more than the {contentBytesMax} allowed.");
    }

    /// <inheritdoc/>
    public ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            for (int i = 0; i < oids.Length; i++)
            {
                present.Span[i] = _objects.ContainsKey(oids.Span[i]);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReadTypesAsync(ReadOnlyMemory<Oid> oids, Memory<ObjectType> types, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            for (int i = 0; i < oids.Length; i++)
            {
                types.Span[i] = _objects.TryGetValue(oids.Span[i], out GitObject? found) ? found.Type : ObjectType.None;
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IPackIngest> BeginIngestAsync(IngestOptions options, CancellationToken cancellationToken) =>
        Task.FromResult<IPackIngest>(new MemoryPackIngest(this, options));

    /// <inheritdoc/>
    public async IAsyncEnumerable<AsidePack> ListAsideAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MemoryAside[] aside;
        lock (_gate)
        {
            aside = [.. _aside];
        }

        foreach (MemoryAside one in aside)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return one.Describe();
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<int> ReconsiderAsideAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            while (true)
            {
                MemoryAside[] closed = [.. ClosedAside()];
                if (MarkCollision(closed))
                {
                    // Others may have counted on it: decide anew without it.
                    continue;
                }

                foreach (MemoryAside one in closed)
                {
                    _ = _aside.Remove(one);
                    _ = Store(one.Objects);
                }

                return Task.FromResult(closed.Sum(one => one.Packs));
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Oid> WritePackAsync(IReadOnlyList<Oid> oids, Stream destination, CancellationToken cancellationToken)
    {
        var objects = new Dictionary<Oid, GitObject>(oids.Count);
        foreach (Oid oid in oids)
        {
            objects[oid] = Find(oid) ?? throw new KeyNotFoundException($"Object {oid} is not in the store.");
        }

        using var writer = new PackWriter(destination, (uint)objects.Count);
        foreach ((Oid oid, GitObject one) in objects)
        {
            _ = await writer.WriteObjectAsync(oid, one.Type, one.Content, cancellationToken).ConfigureAwait(false);
        }

        return await writer.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<CompactionResult> CompactAsync(CompactionOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(new CompactionResult(0, 0, 0, 0, 0));

    /// <inheritdoc/>
    public ValueTask<StoreFigures> ReadFiguresAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(new StoreFigures(0, _objects.Count, 0, 0, 0, _aside.Count));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The object, or null.</summary>
    internal GitObject? Find(Oid oid)
    {
        lock (_gate)
        {
            return _objects.GetValueOrDefault(oid);
        }
    }

    /// <summary>Makes objects visible in one step, or keeps them aside; checked here, under the gate, because others commit too.</summary>
    internal CommitResult Commit(MemoryAside ingest, IReadOnlyList<ObjectReference> references, Action<Oid, ObjectType>? newObjects)
    {
        List<Oid> fresh;
        lock (_gate)
        {
            Oid? colliding = ingest.Colliding ?? FindCollision(ingest.Objects, _objects);
            ObjectReference[] missing = colliding is null ? [.. references.Where(one => !_objects.ContainsKey(one.Oid))] : [];
            if (colliding is not null || missing.Length > 0)
            {
                KeepAside(ingest with { Colliding = colliding, Lacking = [.. missing.Select(one => one.Oid)] });
                return new CommitResult
                {
                    Status = colliding is not null ? CommitStatus.Collision : CommitStatus.NotClosed,
                    Missing = [.. missing.Take(Limits.MissingListed)],
                    MissingCount = missing.Length,
                    Colliding = colliding,
                };
            }

            fresh = Store(ingest.Objects);
        }

        fresh.ForEach(oid => newObjects?.Invoke(oid, ingest.Objects[oid].Type));
        return new CommitResult
        {
            Status = CommitStatus.Committed,
            NewObjects = fresh.Count,
            KnownObjects = ingest.Objects.Count - fresh.Count,
            StoredBytes = fresh.Sum(oid => (long)ingest.Objects[oid].Content.Length),
        };
    }

    /// <summary>Keeps an ingest aside; the same objects again replace the older note.</summary>
    internal void KeepAside(MemoryAside ingest)
    {
        lock (_gate)
        {
            if (!_aside.Exists(one => one.Name == ingest.Name))
            {
                _aside.Add(ingest);
            }
        }
    }

    private IEnumerable<MemoryAside> ClosedAside()
    {
        MemoryAside[] candidates = [.. _aside.Where(one => one.Colliding is null)];
        PackDependencies solved = PackDependencies.Solve(
            [.. candidates.Select(one => one.Lacking.Where(oid => !_objects.ContainsKey(oid)).ToArray())],
            (i, oid) => candidates[i].Objects.ContainsKey(oid));
        return candidates.Where((_, i) => solved.Closed[i]);
    }

    private bool MarkCollision(MemoryAside[] together)
    {
        var seen = new Dictionary<Oid, GitObject>();
        foreach (MemoryAside one in together)
        {
            Oid? colliding = FindCollision(one.Objects, _objects) ?? FindCollision(one.Objects, seen);
            if (colliding is not null)
            {
                _aside[_aside.IndexOf(one)] = one with { Colliding = colliding, Lacking = [] };
                return true;
            }

            foreach ((Oid oid, GitObject content) in one.Objects)
            {
                _ = seen.TryAdd(oid, content);
            }
        }

        return false;
    }

    private static Oid? FindCollision(IReadOnlyDictionary<Oid, GitObject> came, Dictionary<Oid, GitObject> stored)
    {
        foreach ((Oid oid, GitObject one) in came)
        {
            if (stored.TryGetValue(oid, out GitObject? other)
                && (other.Type != one.Type || !other.Content.Span.SequenceEqual(one.Content.Span)))
            {
                return oid;
            }
        }

        return null;
    }

    private List<Oid> Store(IReadOnlyDictionary<Oid, GitObject> objects)
    {
        var fresh = new List<Oid>();
        foreach ((Oid oid, GitObject one) in objects)
        {
            if (_objects.TryAdd(oid, one))
            {
                fresh.Add(oid);
            }
        }

        return fresh;
    }
}
