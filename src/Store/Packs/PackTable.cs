using System.Diagnostics.CodeAnalysis;
using Actors.Git.Objects;
using Actors.Git.Packs;
using Actors.Store.Objects;

namespace Actors.Store.Packs;

/// <summary>
/// The visible packs of a store, mapped when first read, the longest unused unmapped when there are too many. A pack that is
/// removed stays readable for whoever has rented it.
/// </summary>
internal sealed class PackTable(StoreLayout layout, DeltaBaseCache bases, int openPacksMax) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Oid, PackSlot> _slots = [];
    private readonly LinkedList<PackSlot> _open = [];

    /// <summary>Names and sizes of the visible packs, in no order.</summary>
    public IReadOnlyList<PackSize> Sizes()
    {
        lock (_gate)
        {
            return [.. _slots.Values.Select(slot => slot.Size)];
        }
    }

    /// <summary>Takes note of a pack in the directory.</summary>
    /// <returns>False when its files are not there (any more).</returns>
    public bool Add(Oid pack)
    {
        var packFile = new FileInfo(layout.PackFile(pack));
        var indexFile = new FileInfo(layout.IndexFile(pack));
        if (!packFile.Exists || !indexFile.Exists)
        {
            return false;
        }

        lock (_gate)
        {
            _ = _slots.TryAdd(pack, new PackSlot(new PackSize(pack, packFile.Length, indexFile.Length)));
        }

        return true;
    }

    /// <summary>Forgets a pack; its files may be deleted.</summary>
    public void Remove(Oid pack)
    {
        lock (_gate)
        {
            if (_slots.Remove(pack, out PackSlot? slot))
            {
                Unlist(slot);
                CloseUnlessRented(slot);
            }
        }
    }

    /// <summary>A pack to read in until the lease is disposed; false when it is not visible or its files have vanished.</summary>
    public bool TryRent(Oid pack, [NotNullWhen(true)] out PackLease? lease)
    {
        lock (_gate)
        {
            lease = null;
            if (!_slots.TryGetValue(pack, out PackSlot? slot) || !TryOpen(slot))
            {
                return false;
            }

            slot.Rents++;
            lease = new PackLease(slot.Pack!, () => Return(slot));
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (PackSlot slot in _slots.Values)
            {
                Unlist(slot);
                CloseUnlessRented(slot);
            }

            _slots.Clear();
        }
    }

    private void Return(PackSlot slot)
    {
        lock (_gate)
        {
            slot.Rents--;
            if (slot.Listed is null)
            {
                CloseUnlessRented(slot);
            }
        }
    }

    private static void CloseUnlessRented(PackSlot slot)
    {
        if (slot.Rents == 0)
        {
            slot.Pack?.Dispose();
            slot.Pack = null;
        }
    }

    private bool TryOpen(PackSlot slot)
    {
        if (slot.Pack is null)
        {
            try
            {
                slot.Pack = IndexedPack.Open(layout.PackFile(slot.Size.Name), layout.IndexFile(slot.Size.Name), bases);
            }
            catch (FileNotFoundException)
            {
                return false;
            }
        }

        Unlist(slot);
        slot.Listed = _open.AddLast(slot);
        if (_open.Count > openPacksMax)
        {
            PackSlot oldest = _open.First!.Value;
            Unlist(oldest);
            CloseUnlessRented(oldest);
        }

        return true;
    }

    private void Unlist(PackSlot slot)
    {
        if (slot.Listed is not null)
        {
            _open.Remove(slot.Listed);
            slot.Listed = null;
        }
    }
}
