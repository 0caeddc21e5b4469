using Actors.Git.Objects;
using Actors.Store.Index.Peers;

namespace Actors.Store.Index.Ranges;

internal sealed partial class SharedIndex
{
    private const int ChunkLength = 512;

    /// <summary>Looks up a batch. Done at once when this process has the ranges.</summary>
    /// <param name="oids">In any order; repeated ones too.</param>
    /// <param name="present">As long as <paramref name="oids"/>. True is true of the visible store; false may be one second old.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">A range is not here, nobody answered for it, and it could not be fetched.</exception>
    public async ValueTask ContainsAsync(ReadOnlyMemory<Oid> oids, Memory<bool> present, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(present.Length, oids.Length);
        using var partition = new OidPartition(_ranges, oids.Span);
        bool[] missing = LocateHere(partition, null);
        if (missing.Length > 0)
        {
            await LocateElsewhereAsync(partition, missing, PeerAnswer.Presence, cancellationToken).ConfigureAwait(false);
        }

        partition.CopyTo(present.Span);
    }

    /// <summary>Looks up which pack has each of a batch.</summary>
    /// <param name="oids">In any order; repeated ones too.</param>
    /// <param name="packSequences">As long as <paramref name="oids"/>: a pack that has it, or was replaced by one that has it; -1: absent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">A range is not here, nobody answered for it, and it could not be fetched.</exception>
    public async ValueTask LocateAsync(ReadOnlyMemory<Oid> oids, Memory<long> packSequences, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(packSequences.Length, oids.Length);
        using var partition = new OidPartition(_ranges, oids.Span);
        bool[] missing = LocateHere(partition, null);
        if (missing.Length > 0)
        {
            await LocateElsewhereAsync(partition, missing, PeerAnswer.Packs, cancellationToken).ConfigureAwait(false);
        }

        partition.CopyTo(packSequences.Span);
    }

    /// <summary>Looks up in the ranges that are here.</summary>
    /// <param name="partition">Gets what was found.</param>
    /// <param name="only">By range: where to look; null: everywhere.</param>
    /// <returns>By range: oids of it were asked, and it is not here. Empty: all are here.</returns>
    private bool[] LocateHere(OidPartition partition, bool[]? only)
    {
        bool[] missing = [];
        RangeIndex?[] held = Volatile.Read(ref _held);
        for (int range = 0; range < held.Length; range++)
        {
            (int start, int length) = partition.Slice(range);
            if (length > 0 && (only is null || only[range])
                && !TryLocate(held[range], partition.Oids.Span.Slice(start, length), partition.Found.Span.Slice(start, length)))
            {
                missing = missing.Length > 0 ? missing : new bool[held.Length];
                missing[range] = true;
            }
        }

        return missing;
    }

    private bool TryLocate(RangeIndex? range, ReadOnlySpan<Oid> oids, Span<long> found)
    {
        if (range is null)
        {
            return false;
        }

        Span<int> packs = stackalloc int[ChunkLength];
        try
        {
            for (int start = 0; start < oids.Length; start += ChunkLength)
            {
                int length = Math.Min(ChunkLength, oids.Length - start);
                range.Locate(oids.Slice(start, length), packs[..length]);
                for (int i = 0; i < length; i++)
                {
                    found[start + i] = packs[i] < 0 ? -1 : _handles.PackOf(packs[i]);
                }
            }

            return true;
        }
        catch (ObjectDisposedException)
        {
            // Given up, or replaced, between the two looks.
            return false;
        }
    }
}
