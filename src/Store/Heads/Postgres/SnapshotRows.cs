using Actors.Git;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>
/// Snapshots by content. Rows are never changed and never removed, so they are read outside of the transaction that adds
/// others: what a delta rests on stays.
/// </summary>
internal static class SnapshotRows
{
    private const string KnownSql = "SELECT k.place::int, s.tail FROM unnest($1) WITH ORDINALITY AS k (key, place) JOIN snapshot s ON s.key = k.key";

    // Each snapshot asked for and what it rests on, nearest first.
    private const string ReadSql =
        """
        WITH RECURSIVE chain AS (
            SELECT k.key AS wanted, 0 AS step, s.key, s.base, s.tail, s.depth, s.size, s.compressed, s.body FROM unnest($1) AS k (key) JOIN snapshot s ON s.key = k.key
            UNION ALL
            SELECT c.wanted, c.step + 1, s.key, s.base, s.tail, s.depth, s.size, s.compressed, s.body FROM chain c JOIN snapshot s ON s.key = c.base WHERE c.step < $2)
        SELECT wanted, key, tail, base IS NOT NULL, depth, size, compressed, body FROM chain ORDER BY wanted, step
        """;

    private const string AddSql =
        """
        INSERT INTO snapshot (key, base, tail, size, depth, compressed, body) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (key) DO NOTHING
        """;

    /// <summary>Those of the ids that are stored.</summary>
    /// <exception cref="FormatException">Another snapshot has the key of one.</exception>
    public static async Task<HashSet<SnapshotId>> FindKnownAsync(NpgsqlDataSource source, SnapshotId[] ids, CancellationToken cancellationToken)
    {
        HashSet<SnapshotId> known = [];
        NpgsqlCommand command = source.CreateCommand(KnownSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(Array.ConvertAll(ids, Key)));
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    SnapshotId id = ids[row.GetInt32(0) - 1];
                    _ = row.GetInt32(1) == Tail(id) ? known.Add(id) : throw new FormatException($"another snapshot has the key of {id}");
                }
            }
        }

        return known;
    }

    /// <summary>Snapshots with their depths, each verified against its id; those that are not stored are left out.</summary>
    /// <exception cref="FormatException">A row is damaged, or another snapshot has the key of one.</exception>
    public static async Task<Dictionary<SnapshotId, (Snapshot Snapshot, int Depth)>> ReadAsync(NpgsqlDataSource source, SnapshotId[] ids, CancellationToken cancellationToken)
    {
        Dictionary<SnapshotId, (Snapshot, int)> found = [];
        Dictionary<Guid, SnapshotId> byKey = [];
        foreach (SnapshotId id in ids)
        {
            byKey[Key(id)] = id;
        }

        NpgsqlCommand command = source.CreateCommand(ReadSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(byKey.Keys.ToArray()));
            command.Parameters.Add(Of(Limits.SnapshotDeltaDepthMax));
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                List<SnapshotLink> chain = [];
                Guid wanted = default;
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    Guid next = row.GetGuid(0);
                    if (chain.Count > 0 && next != wanted)
                    {
                        Add(byKey[wanted], chain);
                    }

                    wanted = next;
                    chain.Add(new SnapshotLink(
                        Id(row.GetGuid(1), row.GetInt32(2)), row.GetBoolean(3), row.GetInt16(4), row.GetInt32(5), row.GetBoolean(6), row.GetFieldValue<byte[]>(7)));
                }

                if (chain.Count > 0)
                {
                    Add(byKey[wanted], chain);
                }
            }
        }

        return found;

        void Add(SnapshotId id, List<SnapshotLink> chain)
        {
            found.Add(id, (Decode(id, chain), chain[0].Depth));
            chain.Clear();
        }
    }

    /// <summary>Adds what is not there. Another process may add the same at the same time.</summary>
    public static NpgsqlBatchCommand Add(IReadOnlyCollection<NewSnapshot> added)
    {
        // In order of keys, so that two processes that add the same do not wait for each other in a circle.
        NewSnapshot[] rows = [.. added];
        Array.Sort(rows, (a, b) => RepositoryKey.Compare(Key(a.Snapshot.Id), Key(b.Snapshot.Id)));
        return new NpgsqlBatchCommand(AddSql)
        {
            Parameters =
            {
                Of(Array.ConvertAll(rows, r => Key(r.Snapshot.Id))),
                Of(Array.ConvertAll(rows, r => r.Base is { } id ? Key(id) : default(Guid?))),
                Of(Array.ConvertAll(rows, r => Tail(r.Snapshot.Id))),
                Of(Array.ConvertAll(rows, r => r.Body.Size)),
                Of(Array.ConvertAll(rows, r => (short)r.Depth)),
                Of(Array.ConvertAll(rows, r => r.Body.Compressed)),
                OfBytes(Array.ConvertAll(rows, r => r.Body.Bytes)),
            },
        };
    }

    /// <summary>The snapshot at the near end of a chain.</summary>
    private static Snapshot Decode(SnapshotId id, List<SnapshotLink> chain)
    {
        try
        {
            SnapshotBranch[]? branches = null;
            for (int i = chain.Count - 1; i >= 0; i--)
            {
                SnapshotLink link = chain[i];
                byte[] body = SnapshotBody.Unpack(link.Body, link.Size, link.Compressed);
                branches = !link.IsDelta
                    ? SnapshotCodec.Decode(body)
                    : SnapshotCodec.DecodeDelta(branches ?? throw new GitFormatException(GitFormatError.Delta, "its chain of deltas has no end"), body);
            }

            return chain[0].Id == id && Snapshot.ComputeId(branches!) == id
                ? new Snapshot(id, branches!)
                : throw new GitFormatException(GitFormatError.Checksum, "it does not have its id");
        }
        catch (Exception e) when (e is GitFormatException or InvalidDataException)
        {
            throw new FormatException($"snapshot {id}: {e.Message}", e);
        }
    }
}
