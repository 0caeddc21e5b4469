using Actors.Git.Objects;

namespace Actors.Git.Packs;

/// <summary>
/// Objects lately used as bases of deltas, shared by the readers of any number of packs. Bounded in bytes; what is put in
/// last displaces what shares its slot, then what lies around. Safe for threads: an entry is one immutable reference.
/// </summary>
public sealed class DeltaBaseCache
{
    private const int SlotCount = 4096;

    private readonly Entry?[] _slots = new Entry?[SlotCount];
    private readonly long _bytesMax;
    private long _bytes;
    private int _hand;

    /// <summary>A cache of at most that many bytes of contents.</summary>
    public DeltaBaseCache(long bytesMax = 32L << 20) => _bytesMax = bytesMax;

    internal GitObject? Find(PackFile pack, long offset)
    {
        Entry? entry = Volatile.Read(ref _slots[Slot(pack, offset)]);
        return entry is not null && entry.Pack == pack && entry.Offset == offset ? entry.Object : null;
    }

    internal void Add(PackFile pack, long offset, GitObject value)
    {
        // One object may not sweep the rest out.
        if (value.Content.Length > _bytesMax / 8)
        {
            return;
        }

        Put(Slot(pack, offset), new Entry(pack, offset, value));
        for (int i = 0; i < SlotCount && Interlocked.Read(ref _bytes) > _bytesMax; i++)
        {
            Put(Interlocked.Increment(ref _hand) & (SlotCount - 1), null);
        }
    }

    /// <summary>Forgets a pack that is being closed.</summary>
    internal void Remove(PackFile pack)
    {
        for (int i = 0; i < SlotCount; i++)
        {
            if (Volatile.Read(ref _slots[i])?.Pack == pack)
            {
                Put(i, null);
            }
        }
    }

    private static int Slot(PackFile pack, long offset) =>
        (int)((((ulong)offset ^ ((ulong)pack.GetHashCode() << 32)) * 0x9E3779B97F4A7C15UL) >> 52);

    private void Put(int slot, Entry? entry)
    {
        Entry? before = Interlocked.Exchange(ref _slots[slot], entry);
        Interlocked.Add(ref _bytes, (entry?.Object.Content.Length ?? 0) - (before?.Object.Content.Length ?? 0));
    }

    private sealed record Entry(PackFile Pack, long Offset, GitObject Object);
}
