using Actors.Git.Objects;
using Actors.Store.Compaction;
using Actors.Store.Packs;

namespace Actors.Store.Objects;

public sealed partial class LocalObjectStore
{
    /// <inheritdoc/>
    public async Task<Oid> WritePackAsync(IReadOnlyList<Oid> oids, Stream destination, CancellationToken cancellationToken)
    {
        RefreshIfDue(force: false);
        var leases = new List<PackLease>();
        try
        {
            PackSelection[] chosen = Choose([.. oids.Distinct().Order()], leases);
            return await PackMerge.WriteStreamAsync(chosen, destination, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    /// <inheritdoc/>
    public async Task<Oid> WritePackFilesAsync(
        IReadOnlyList<Oid> oids, string packPath, string indexPath, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        RefreshIfDue(force: false);
        var leases = new List<PackLease>();
        try
        {
            PackSelection[] chosen = Choose([.. oids.Distinct().Order()], leases);
            return await PackMerge.WriteFilesAsync(chosen, packPath, indexPath, fsync: false, deltas: false, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    /// <summary>Finds a pack for each oid and rents it. A compaction that takes a pack away in between makes us look again.</summary>
    private PackSelection[] Choose(Oid[] sorted, List<PackLease> leases)
    {
        for (int attempt = 0; attempt < Limits.ReadAttemptsMax; attempt++)
        {
            if (TryChoose(sorted, leases) is PackSelection[] chosen)
            {
                return chosen;
            }

            leases.ForEach(lease => lease.Dispose());
            leases.Clear();
            RefreshIfDue(force: true);
        }

        throw new IOException($"Packs were merged away {Limits.ReadAttemptsMax} times while they were looked up.");
    }

    private PackSelection[]? TryChoose(Oid[] sorted, List<PackLease> leases)
    {
        var index = _index;
        int[] numbers = new int[sorted.Length];
        index.Locate(sorted, numbers);
        int absent = Array.FindIndex(numbers, number => number < 0);
        if (absent >= 0)
        {
            throw new KeyNotFoundException($"Object {sorted[absent]} is not in the store.");
        }

        var chosen = new List<PackSelection>();
        foreach (IGrouping<int, Oid> group in Enumerable.Range(0, sorted.Length).GroupBy(i => numbers[i], i => sorted[i]))
        {
            if (!_packs.TryRent(index.PackOf(group.Key), out PackLease? lease))
            {
                return null;
            }

            leases.Add(lease);
            chosen.Add(new PackSelection(lease.Pack, [.. group.Select(oid => PositionOf(lease.Pack, oid))]));
        }

        // Deltas are kept against bases of earlier packs: the largest first has the most bases.
        return [.. chosen.OrderByDescending(one => one.Count)];
    }
}
