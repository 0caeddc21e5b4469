using Actors.Git.Packs;
using Actors.Store.Blobs;
using Actors.Store.Catalogue;

namespace Actors.Store.Packs;

/// <summary>
/// Packs of a shared store that are mapped here, opened when first rented. The longest unused are let go when there are too many,
/// or when the cache has to evict.
/// </summary>
internal sealed class CachedPackTable(BlobCache cache, DeltaBaseCache bases, int openPacksMax) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, CachedPackSlot> _slots = [];
    private readonly LinkedList<CachedPackSlot> _idle = [];
    private readonly CancellationTokenSource _ending = new();
    private bool _disposed;

    /// <summary>A pack to read in until the lease is disposed.</summary>
    /// <exception cref="FileNotFoundException">Its blobs were removed: its objects are in another pack, which the catalogue names.</exception>
    /// <exception cref="IOException">It cannot be fetched.</exception>
    public async Task<CachedPackLease> RentAsync(CataloguePack row, CancellationToken cancellationToken)
    {
        CachedPackSlot? slot;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_slots.TryGetValue(row.Sequence, out slot))
            {
                slot = new CachedPackSlot(row.Sequence);
                _slots.Add(row.Sequence, slot);
            }

            slot.Rents++;
            if (slot.Idle is not null)
            {
                _idle.Remove(slot.Idle);
                slot.Idle = null;
            }

            // For all who wait for it: it ends with the table and not with one of them.
            slot.Opening ??= Task.Run(() => CachedPack.OpenAsync(cache, bases, row, _ending.Token), CancellationToken.None);
        }

        try
        {
            return new CachedPackLease(this, slot, await slot.Opening.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            Return(slot);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        CachedPackSlot[] slots;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            slots = [.. _slots.Values];
            _slots.Clear();
            _idle.Clear();
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (CachedPackSlot slot in slots.Where(slot => slot.Rents == 0))
        {
            await CloseAsync(slot).ConfigureAwait(false);
        }

        _ending.Dispose();
    }

    internal void Return(CachedPackSlot slot)
    {
        var closed = new List<CachedPackSlot>();
        lock (_gate)
        {
            slot.Rents--;
            if (slot.Opening is { IsCompleted: true, IsCompletedSuccessfully: false } && _slots.GetValueOrDefault(slot.Sequence) == slot)
            {
                // The next one tries anew.
                _ = _slots.Remove(slot.Sequence);
            }

            if (slot.Rents > 0)
            {
                return;
            }

            if (_slots.GetValueOrDefault(slot.Sequence) != slot)
            {
                closed.Add(slot);
            }
            else
            {
                slot.Idle = _idle.AddLast(slot);
            }

            int surplus = cache.IsOverLimit ? Math.Max(1, _idle.Count / 8) : _slots.Count - openPacksMax;
            for (; surplus > 0 && _idle.First?.Value is CachedPackSlot oldest; surplus--)
            {
                _idle.RemoveFirst();
                oldest.Idle = null;
                _ = _slots.Remove(oldest.Sequence);
                closed.Add(oldest);
            }
        }

        foreach (CachedPackSlot one in closed)
        {
            _ = CloseAsync(one);
        }
    }

    /// <summary>A pack that nobody has. One that could not be opened has been told to who wanted it.</summary>
    private static async Task CloseAsync(CachedPackSlot slot)
    {
        Task<CachedPack> opening = slot.Opening!;
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            (await opening.ConfigureAwait(false)).Dispose();
        }
    }
}
