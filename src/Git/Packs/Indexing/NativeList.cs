using System.Runtime.InteropServices;

namespace Actors.Git.Packs.Indexing;

/// <summary>A growing array outside the garbage collector's heap: entry tables of large packs would otherwise be copied and kept by it.</summary>
internal sealed unsafe class NativeList<T> : IDisposable
    where T : unmanaged
{
    private T* _items;
    private int _capacity;

    ~NativeList() => Free();

    public int Count { get; private set; }

    /// <summary>The items; a growing list moves them.</summary>
    public T* Items => _items;

    public ref T this[int index] => ref _items[index];

    public Span<T> Span => new(_items, Count);

    /// <summary>Room for one more, not cleared.</summary>
    public ref T Add()
    {
        if (Count == _capacity)
        {
            Grow(Count + 1L);
        }

        return ref _items[Count++];
    }

    public void Add(in T item) => Add() = item;

    public void AddRange(ReadOnlySpan<T> items)
    {
        if (_capacity - Count < items.Length)
        {
            Grow((long)Count + items.Length);
        }

        items.CopyTo(new Span<T>(_items + Count, items.Length));
        Count += items.Length;
    }

    /// <summary>Empties the list; the memory stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>Forgets all but the first items.</summary>
    public void Truncate(int count) => Count = count;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Grow(long least)
    {
        long capacity = Math.Min(Math.Max(least, Math.Max(16L, _capacity + (_capacity / 2L))), Array.MaxLength);
        _items = (T*)NativeMemory.Realloc(_items, checked((nuint)capacity * (nuint)sizeof(T)));
        _capacity = (int)capacity;
    }

    private void Free()
    {
        NativeMemory.Free(_items);
        _items = null;
        _capacity = 0;
        Count = 0;
    }
}
