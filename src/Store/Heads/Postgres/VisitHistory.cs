using Actors.Git.Remotes;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>Reads a repository's visits, newest first: a chain through the log, many links a round trip.</summary>
internal static class VisitHistory
{
    private const string ReadSql =
        """
        WITH RECURSIVE chain AS (
            SELECT 1 AS step, v.* FROM visit v WHERE v.place = $1
            UNION ALL
            SELECT c.step + 1, v.* FROM chain c JOIN visit v ON v.place = c.before WHERE c.step < $2)
        SELECT c.before, c.started_at, c.bytes_received, c.elapsed_ms, c.number, c.campaign, c.outcome, c.heads_before,
            m.objects, m.clone_bytes, m.retry_at, m.moved_to, m.error
        FROM chain c LEFT JOIN visit_more m ON m.place = c.place ORDER BY c.step
        """;

    /// <summary>Up to <paramref name="visitsMax"/> visits from a place back; the place to go on at (0: none), and the heads before them.</summary>
    public static async Task<(List<Visit> Visits, long Next, SnapshotId? Heads)> ReadAsync(
        NpgsqlDataSource source, RepositoryUrl url, long place, SnapshotId? heads, int visitsMax, CancellationToken cancellationToken)
    {
        List<Visit> visits = [];
        long next = 0;
        NpgsqlCommand command = source.CreateCommand(ReadSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(place));
            command.Parameters.Add(Of(visitsMax));
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    visits.Add(Visit(row, url, heads));
                    next = row.GetInt64(0);
                    byte[] before = row.GetFieldValue<byte[]>(7);
                    heads = before.Length == 0 ? heads : before.Length == VisitRow.FirstHeads.Length ? null : Id(before);
                }
            }
        }

        return (visits, next, heads);
    }

    private static Visit Visit(NpgsqlDataReader row, RepositoryUrl url, SnapshotId? heads) => new()
    {
        Url = url,
        StartedAt = HeadTime.FromNumber(row.GetInt64(1)),
        BytesReceived = row.GetInt64(2),
        ElapsedMs = row.GetInt32(3),
        Number = row.GetInt32(4),
        Campaign = new CampaignId(row.GetInt32(5)),
        Outcome = (Outcome)row.GetInt16(6),
        Snapshot = heads,
        Objects = row.IsDBNull(8) ? 0 : row.GetInt64(8),
        CloneBytes = row.IsDBNull(9) ? null : row.GetInt64(9),
        RetryAt = row.IsDBNull(10) ? null : HeadTime.FromNumber(row.GetInt64(10)),
        MovedTo = row.IsDBNull(11) ? null : RepositoryUrl.Parse(row.GetString(11)),
        Error = row.IsDBNull(12) ? null : row.GetString(12),
    };
}
