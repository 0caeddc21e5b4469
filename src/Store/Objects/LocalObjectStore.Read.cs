using Actors.Git;
using Actors.Git.Objects;
using Actors.Store.Index;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class LocalObjectStore
{
    private readonly Lock _refreshing = new();
    private ObjectIndex? _formerIndex;
    private long _refreshed;

    /// <inheritdoc/>
    public ValueTask<GitObject?> ReadAsync(Oid oid, long contentBytesMax, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RefreshIfDue(force: false);
        return ValueTask.FromResult(Read(oid, contentBytesMax));
    }

    /// <inheritdoc/>
    public ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RefreshIfDue(force: false);
        _index.Contains(oids.Span, present.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReadTypesAsync(ReadOnlyMemory<Oid> oids, Memory<ObjectType> types, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RefreshIfDue(force: false);
        ObjectIndex index = _index;
        int[] numbers = new int[oids.Length];
        index.Locate(oids.Span, numbers);
        PackLease? lease = null;
        int leased = -1;
        try
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                if (numbers[i] >= 0 && numbers[i] != leased)
                {
                    lease?.Dispose();
                    leased = _packs.TryRent(index.PackOf(numbers[i]), out lease) ? numbers[i] : -1;
                    lease ??= Rent(oids.Span[i], out _);
                }

                types.Span[i] = numbers[i] < 0 ? ObjectType.None : lease!.Pack.ReadType(PositionOf(lease.Pack, oids.Span[i]));
            }
        }
        finally
        {
            lease?.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Reads an object; null when it is not here.</summary>
    /// <exception cref="GitFormatException">Damaged, or longer than allowed.</exception>
    internal GitObject? Read(Oid oid, long contentBytesMax)
    {
        using PackLease? lease = Rent(oid, out _);
        return lease?.Pack.Read(PositionOf(lease.Pack, oid), contentBytesMax);
    }

    private static int PositionOf(IndexedPack pack, Oid oid) => pack.TryFind(oid, out int position)
        ? position
        : throw new InvalidDataException($"The object index says that pack {pack.Index.PackChecksum} has {oid}, which it has not: remove the store's index directory, it is made anew.");

    /// <summary>The pack that has an object; null when none has. A pack that was merged into another one meanwhile is looked up anew.</summary>
    private PackLease? Rent(Oid oid, out Oid pack)
    {
        for (int attempt = 0; attempt < Limits.ReadAttemptsMax; attempt++)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_index.TryLocate(oid, out pack))
            {
                return null;
            }

            if (_packs.TryRent(pack, out PackLease? lease))
            {
                return lease;
            }

            RefreshIfDue(force: true);
        }

        throw new IOException($"Object {oid} is in a pack that is not there; {Limits.ReadAttemptsMax} attempts were made.");
    }

    /// <summary>Opens the object index and adds what it does not cover.</summary>
    private ObjectIndex OpenIndex()
    {
        // In this order a reader finds no pack in the index that was removed before the listing: the writer's index forgets a pack first.
        HashSet<Oid> visible = [.. _layout.ListPacks().Where(_packs.Add)];
        var index = ObjectIndex.Open(_layout.Index, readOnly: _lock is null, _options.Index);
        if (_lock is not null && index.Packs.Any(pack => !visible.Contains(pack)))
        {
            // Packs were removed by hand, or the index is of another store: it is derived, so derive it again.
            index.Clear();
        }

        AddUncovered(index, visible);
        return index;
    }

    private void AddUncovered(ObjectIndex index, IEnumerable<Oid> visible)
    {
        HashSet<Oid> covered = [.. index.Packs];
        foreach (Oid pack in visible.Where(pack => !covered.Contains(pack)))
        {
            if (_packs.TryRent(pack, out PackLease? lease))
            {
                using (lease)
                {
                    index.AddPack(pack, lease.Pack.Oids);
                }
            }
        }
    }

    /// <summary>A reader looks whether the writer has changed the packs. The writer knows.</summary>
    private void RefreshIfDue(bool force)
    {
        if (_lock is not null || (!force && _clock.GetElapsedTime(Volatile.Read(ref _refreshed)) < _options.RefreshInterval))
        {
            return;
        }

        lock (_refreshing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Volatile.Write(ref _refreshed, _clock.GetTimestamp());
            HashSet<Oid> listed = [.. _layout.ListPacks()];
            HashSet<Oid> known = [.. _packs.Sizes().Select(one => one.Name)];
            if (listed.SetEquals(known))
            {
                return;
            }

            bool vanished = false;
            foreach (Oid gone in known.Where(pack => !listed.Contains(pack)))
            {
                vanished = true;
                _packs.Remove(gone);
            }

            if (vanished)
            {
                // What this reader added in memory may name packs that are gone, so it begins anew. Look-ups that are
                // under way end in the former index, which therefore lives until the next time.
                _formerIndex?.Dispose();
                _formerIndex = _index;
                _index = OpenIndex();
                return;
            }

            _index.Refresh();
            AddUncovered(_index, listed.Where(_packs.Add).ToArray());
        }
    }
}
