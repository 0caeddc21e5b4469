using Actors.Git.Remotes;
using Npgsql;

namespace Actors.Store.Heads.Postgres;

/// <summary>Encodes the snapshots that a group of visits brings, before its transaction begins: what they rest on never changes.</summary>
internal static class NewSnapshots
{
    /// <summary>Those of the visits' snapshots that are not stored yet, each once.</summary>
    public static async Task<IReadOnlyCollection<NewSnapshot>> EncodeAsync(NpgsqlDataSource source, IReadOnlyList<Visit> visits, CancellationToken cancellationToken)
    {
        Visit[] changing = [.. visits.Where(v => v.NewSnapshot is not null)];
        if (changing.Length == 0)
        {
            return [];
        }

        HashSet<SnapshotId> known = await SnapshotRows.FindKnownAsync(source, [.. changing.Select(v => v.NewSnapshot!.Id).Distinct()], cancellationToken).ConfigureAwait(false);
        Dictionary<SnapshotId, byte[]> whole = [];
        foreach (Visit visit in changing)
        {
            if (!known.Contains(visit.NewSnapshot!.Id) && !whole.ContainsKey(visit.NewSnapshot.Id))
            {
                whole.Add(visit.NewSnapshot.Id, SnapshotCodec.Encode(visit.NewSnapshot.Branches));
            }
        }

        // Small ones are stored whole: their repositories' heads need not be read.
        RepositoryUrl[] resembled = [.. changing.Where(v => whole.TryGetValue(v.NewSnapshot!.Id, out byte[]? body) && body.Length >= Limits.SnapshotDeltaBytesMin).Select(v => v.Url).Distinct()];
        Dictionary<RepositoryUrl, (Snapshot Snapshot, int Depth)> heads = await ReadHeadsAsync(source, resembled, cancellationToken).ConfigureAwait(false);
        Dictionary<SnapshotId, NewSnapshot> added = [];
        foreach (Visit visit in changing)
        {
            Snapshot snapshot = visit.NewSnapshot!;
            if (whole.TryGetValue(snapshot.Id, out byte[]? body) && !added.ContainsKey(snapshot.Id))
            {
                added.Add(snapshot.Id, Encode(snapshot, body, heads.TryGetValue(visit.Url, out (Snapshot, int) from) ? from : null));
            }

            if (added.TryGetValue(snapshot.Id, out NewSnapshot? stored))
            {
                heads[visit.Url] = (snapshot, stored.Depth);
            }
            else
            {
                // Stored before, at a depth that is not known here: nothing is based on it in this group.
                _ = heads.Remove(visit.Url);
            }
        }

        return added.Values;
    }

    private static NewSnapshot Encode(Snapshot snapshot, byte[] whole, (Snapshot Snapshot, int Depth)? from) =>
        from is { } before && whole.Length >= Limits.SnapshotDeltaBytesMin && before.Depth < Limits.SnapshotDeltaDepthMax
            && SnapshotBody.DeltaTo(before.Snapshot.Branches, snapshot, whole) is { } delta
                ? new NewSnapshot(snapshot, before.Snapshot.Id, before.Depth + 1, SnapshotBody.Pack(delta))
                : new NewSnapshot(snapshot, null, 0, SnapshotBody.Pack(whole));

    /// <summary>The stored heads of repositories, with their depths.</summary>
    private static async Task<Dictionary<RepositoryUrl, (Snapshot Snapshot, int Depth)>> ReadHeadsAsync(NpgsqlDataSource source, RepositoryUrl[] urls, CancellationToken cancellationToken)
    {
        Dictionary<RepositoryUrl, (Snapshot, int)> heads = [];
        if (urls.Length == 0)
        {
            return heads;
        }

        RepositoryState?[] states = await RepositoryLookup.FindAsync(source, urls, cancellationToken).ConfigureAwait(false);
        SnapshotId[] ids = [.. states.Select(s => s?.Snapshot).OfType<SnapshotId>().Distinct()];
        if (ids.Length > 0)
        {
            Dictionary<SnapshotId, (Snapshot, int)> stored = await SnapshotRows.ReadAsync(source, ids, cancellationToken).ConfigureAwait(false);
            foreach (RepositoryState? state in states)
            {
                if (state?.Snapshot is { } id && stored.TryGetValue(id, out (Snapshot, int) snapshot))
                {
                    heads[state.Url] = snapshot;
                }
            }
        }

        return heads;
    }
}
