using Actors.Store.Heads;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>Campaigns and the sums of their checkpoints.</summary>
internal static class StoredCampaignRows
{
    private const string PageSql =
        """
        SELECT s.campaign, s.stage, s.priority, s.submitted_at, s.ended_at, s.lines, s.repositories, s.duplicates, s.rejected, s.list_order, n.counters, n.sums
        FROM (SELECT * FROM submitted_campaign WHERE campaign < $1 AND parts >= 0 ORDER BY campaign DESC LIMIT $2) s
        CROSS JOIN LATERAL (
            SELECT array_agg(counter) AS counters, array_agg(sum) AS sums
            FROM (SELECT counter, sum(value)::bigint AS sum FROM campaign_count c WHERE c.campaign = s.campaign GROUP BY counter) c) n
        ORDER BY s.campaign DESC
        """;

    private const string SteerSql =
        """
        WITH steered AS (
            UPDATE submitted_campaign SET stage = $2, ended_at = CASE WHEN $2 = 4 THEN now() END WHERE campaign = $1 AND stage IN (1, 2) RETURNING stage)
        SELECT stage FROM steered UNION ALL SELECT stage FROM submitted_campaign WHERE campaign = $1 AND parts >= 0 LIMIT 1
        """;

    /// <summary>Adds a campaign under a number drawn before; harmless to repeat.</summary>
    public static async Task<bool> AddAsync(NpgsqlDataSource source, int number, NewCampaign campaign, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand(
            """
            INSERT INTO submitted_campaign (campaign, stage, priority, submitted_at, seen_at, lines, repositories, duplicates, rejected, reported, parts, list_order)
            VALUES ($1, 0, $2, now(), now(), 0, 0, 0, 0, 0, 0, $3) ON CONFLICT (campaign) DO NOTHING
            """);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of(number), Of(campaign.Priority), Of(Text(campaign.Order)!) });
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
        }
    }

    /// <summary>Campaigns older than <paramref name="before"/>, newest first.</summary>
    public static async Task<List<StoredCampaign>> PageAsync(NpgsqlDataSource source, long before, int rowsMax, CancellationToken cancellationToken)
    {
        List<StoredCampaign> campaigns = [];
        NpgsqlCommand command = source.CreateCommand(PageSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of(before), Of(rowsMax) });
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    campaigns.Add(Read(row));
                }
            }
        }

        return campaigns;
    }

    /// <summary>Where it stands afterwards; null: there is none.</summary>
    public static async Task<CampaignStage?> SteerAsync(NpgsqlDataSource source, CampaignId id, CampaignStage wanted, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand(SteerSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of((int)id.Number), Of((short)wanted) });
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is short stage ? (CampaignStage)stage : null;
        }
    }

    /// <summary>False when there is none.</summary>
    public static async Task<bool> SetPriorityAsync(NpgsqlDataSource source, CampaignId id, int priority, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand("UPDATE submitted_campaign SET priority = $2 WHERE campaign = $1 AND parts >= 0");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of((int)id.Number), Of(priority) });
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
        }
    }

    private static StoredCampaign Read(NpgsqlDataReader row) => new()
    {
        Id = new CampaignId(row.GetInt32(0)),
        Stage = (CampaignStage)row.GetInt16(1),
        Priority = row.GetInt32(2),
        SubmittedAt = row.GetFieldValue<DateTimeOffset>(3),
        EndedAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        Lines = row.GetInt64(5),
        Repositories = row.GetInt64(6),
        Duplicates = row.GetInt64(7),
        Rejected = row.GetInt64(8),
        Order = row.GetString(9),
        Counts = row.IsDBNull(10) ? ChunkCounts.None : ChunkCounts.Of(row.GetFieldValue<short[]>(10).Zip(row.GetFieldValue<long[]>(11))),
    };
}
