using System.Runtime.CompilerServices;
using Actors.Git.Objects;

namespace Actors.Store.Index;

/// <summary>
/// Oids that are in no run yet, each with its pack: a hash table that one writer fills while any number of readers look
/// up without locks. A pack's oids appear all at once. When it is full, <see cref="Add"/> answers a larger copy.
/// </summary>
internal sealed class MemoryTable
{
    private const int CapacityMin = 1024;

    private readonly ulong _seed;
    private readonly int _shift;
    private readonly Oid[] _oids;

    /// <summary>0: empty; else the place of the pack in <see cref="_packs"/>, plus 1.</summary>
    private readonly int[] _places;
    private readonly List<int> _packs;
    private int[] _handles;
    private int _visiblePacks;

    private MemoryTable(ulong seed, int capacity)
    {
        _seed = seed;
        _shift = 64 - System.Numerics.BitOperations.Log2((uint)capacity);
        _oids = new Oid[capacity];
        _places = new int[capacity];
        _packs = [];
        _handles = [];
    }

    /// <summary>Oids here.</summary>
    public int Count { get; private set; }

    /// <summary>Handles of the packs here, those without objects too. The writer's view.</summary>
    public IReadOnlyList<int> Packs => _packs;

    public static MemoryTable Create(ulong seed) => new(seed, CapacityMin);

    /// <summary>An empty one with room for as many as this one has.</summary>
    public MemoryTable Emptied() => new(_seed, _oids.Length);

    /// <summary>Adds a pack's oids; those that are here already stay with the earlier pack.</summary>
    /// <returns>This table, or a larger one with all of this one's content.</returns>
    public MemoryTable Add(int packHandle, ReadOnlySpan<Oid> oids)
    {
        MemoryTable table = Count + (long)oids.Length <= _oids.Length / 4 * 3 ? this : Grown(Count + oids.Length);
        table._packs.Add(packHandle);
        foreach (ref readonly Oid oid in oids)
        {
            table.Insert(oid, table._packs.Count);
        }

        table.Publish();
        return table;
    }

    /// <summary>Everything but what came from some packs.</summary>
    public MemoryTable Without(Func<int, bool> isDropped)
    {
        if (!_packs.Exists(pack => isDropped(pack)))
        {
            return this;
        }

        MemoryTable table = Create(_seed);
        (Oid[] oids, int[] handles) = Sorted();
        var kept = new Dictionary<int, List<Oid>>();
        foreach (int pack in _packs.Where(pack => !isDropped(pack)))
        {
            kept.TryAdd(pack, []);
        }

        for (int i = 0; i < oids.Length; i++)
        {
            if (kept.TryGetValue(handles[i], out List<Oid>? ofPack))
            {
                ofPack.Add(oids[i]);
            }
        }

        foreach ((int pack, List<Oid> ofPack) in kept)
        {
            table = table.Add(pack, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ofPack));
        }

        return table;
    }

    /// <summary>Looks up those oids whose place in <paramref name="packs"/> is negative.</summary>
    public void Locate(ReadOnlySpan<Oid> oids, Span<int> packs)
    {
        int visible = Volatile.Read(ref _visiblePacks);
        if (visible == 0)
        {
            return;
        }

        int[] handles = _handles;
        for (int i = 0; i < oids.Length; i++)
        {
            if (packs[i] < 0 && Find(oids[i]) is int place && place > 0 && place <= visible)
            {
                packs[i] = handles[place - 1];
            }
        }
    }

    /// <summary>All oids in order, and the handle of each one's pack. The writer's view.</summary>
    public (Oid[] Oids, int[] Handles) Sorted()
    {
        var oids = new Oid[Count];
        int[] handles = new int[Count];
        int next = 0;
        for (int slot = 0; slot < _oids.Length; slot++)
        {
            if (_places[slot] > 0)
            {
                oids[next] = _oids[slot];
                handles[next++] = _packs[_places[slot] - 1];
            }
        }

        OidOrder.Sort(oids, handles);
        return (oids, handles);
    }

    private MemoryTable Grown(int count)
    {
        var table = new MemoryTable(_seed, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(CapacityMin, 2L * count)));
        table._packs.AddRange(_packs);
        for (int slot = 0; slot < _oids.Length; slot++)
        {
            if (_places[slot] > 0)
            {
                table.Insert(_oids[slot], _places[slot]);
            }
        }

        table.Publish();
        return table;
    }

    private void Publish()
    {
        _handles = [.. _packs];
        Volatile.Write(ref _visiblePacks, _packs.Count);
    }

    private void Insert(in Oid oid, int place)
    {
        int slot = SlotOf(oid);
        while (_places[slot] > 0)
        {
            if (_oids[slot] == oid)
            {
                return;
            }

            slot = (slot + 1) & (_oids.Length - 1);
        }

        _oids[slot] = oid;
        Volatile.Write(ref _places[slot], place);
        Count++;
    }

    private int Find(in Oid oid)
    {
        int slot = SlotOf(oid);
        int place;
        while ((place = Volatile.Read(ref _places[slot])) > 0 && _oids[slot] != oid)
        {
            slot = (slot + 1) & (_oids.Length - 1);
        }

        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(in Oid oid) => (int)(((oid.Prefix ^ _seed) * 0x9E3779B97F4A7C15) >> _shift);
}
