using Actors.Git.Objects;

namespace Actors.Git.Packs.Indexing;

/// <summary>Deltas that name their base by oid, found by it. Most packs have none, thin ones few.</summary>
internal sealed class RefDeltaIndex : IDisposable
{
    private readonly NativeList<RefDelta> _sorted = new();
    private readonly int[] _claimed;

    public RefDeltaIndex(ReadOnlySpan<RefDelta> deltas)
    {
        _sorted.AddRange(deltas);
        _sorted.Span.Sort(static (left, right) =>
            left.Base.CompareTo(right.Base) is var order and not 0 ? order : left.Entry.CompareTo(right.Entry));
        _claimed = new int[deltas.Length];
    }

    public bool IsEmpty => _sorted.Count == 0;

    /// <summary>The deltas on an object, for the first who asks: in a pack that has an object twice the second copy gets none.</summary>
    public ReadOnlySpan<RefDelta> Claim(Oid oid)
    {
        ReadOnlySpan<RefDelta> sorted = _sorted.Span;
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle].Base < oid ? (middle + 1, high) : (low, middle);
        }

        int end = low;
        while (end < sorted.Length && sorted[end].Base == oid)
        {
            end++;
        }

        return end > low && Interlocked.Exchange(ref _claimed[low], 1) == 0 ? sorted[low..end] : [];
    }

    public void Dispose() => _sorted.Dispose();
}
