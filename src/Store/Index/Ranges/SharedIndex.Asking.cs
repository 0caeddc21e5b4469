using System.Buffers;
using Actors.Git.Objects;
using Actors.Store.Index.Peers;

namespace Actors.Store.Index.Ranges;

internal sealed partial class SharedIndex
{
    /// <summary>The one who should have a range, and the one who had it before or will have it next.</summary>
    private const int AskedMax = 2;

    /// <summary>How often a range that was fetched may be taken away again before it was asked.</summary>
    private const int BorrowsMax = 5;

    // By range: until when it is kept though it is another's.
    private readonly DateTimeOffset[] _borrowed;

    private async ValueTask LocateElsewhereAsync(OidPartition partition, bool[] missing, PeerAnswer answer, CancellationToken cancellationToken)
    {
        // 1. Whoever has the ranges, all at once.
        IReadOnlyList<PeerLink>[] routes = Volatile.Read(ref _routes);
        for (int rank = 0; rank < AskedMax && routes.Length > 0 && missing.Contains(true); rank++)
        {
            ILookup<PeerLink, int> asked = Enumerable.Range(0, missing.Length).Where(range => missing[range] && routes[range].Count > rank).ToLookup(range => routes[range][rank]);
            await Task.WhenAll(asked.Select(ranges => AskAsync(ranges.Key, [.. ranges], partition, missing, answer, cancellationToken))).ConfigureAwait(false);
        }

        // 2. Nobody answered: the ranges are fetched, and kept for a while, since this will not be the last question.
        for (int attempt = 0; missing.Contains(true); attempt++)
        {
            if (attempt == BorrowsMax)
            {
                throw new IOException("A range of the object index cannot be had.");
            }

            await BorrowAsync(missing, cancellationToken).ConfigureAwait(false);
            missing = LocateHere(partition, missing);
        }
    }

    private async Task AskAsync(PeerLink link, int[] ranges, OidPartition partition, bool[] missing, PeerAnswer answer, CancellationToken cancellationToken)
    {
        int count = ranges.Sum(range => partition.Slice(range).Length);
        Oid[] oids = ArrayPool<Oid>.Shared.Rent(count);
        long[] found = ArrayPool<long>.Shared.Rent(count);
        try
        {
            int next = 0;
            foreach (int range in ranges)
            {
                (int start, int length) = partition.Slice(range);
                partition.Oids.Slice(start, length).CopyTo(oids.AsMemory(next));
                next += length;
            }

            if (!await link.TryAskAsync(answer, Applied, oids.AsMemory(0, count), found.AsMemory(0, count), cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            next = 0;
            foreach (int range in ranges)
            {
                (int start, int length) = partition.Slice(range);
                found.AsMemory(next, length).CopyTo(partition.Found[start..]);
                next += length;
                missing[range] = false;
            }
        }
        finally
        {
            ArrayPool<Oid>.Shared.Return(oids);
            ArrayPool<long>.Shared.Return(found);
        }
    }

    private async Task BorrowAsync(bool[] missing, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        for (int range = 0; range < missing.Length; range++)
        {
            if (missing[range])
            {
                _borrowed[range] = _clock.GetUtcNow() + _options.BorrowedFor;
                _wanted[range] = true;
            }
        }

        _refreshing.Release();
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
    }
}
