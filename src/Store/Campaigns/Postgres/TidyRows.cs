using Actors.Store.Heads;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>Ends what is done and removes what nobody needs. Each step is harmless to repeat.</summary>
internal static class TidyRows
{
    private const string EndSql =
        """
        UPDATE submitted_campaign s SET stage = 3, ended_at = now()
        WHERE s.stage IN (1, 2) AND ($1 = 0 OR s.campaign = $1) AND NOT EXISTS (SELECT FROM campaign_chunk k WHERE k.campaign = s.campaign AND NOT k.closed)
        RETURNING s.campaign
        """;

    private const string AbandonSql =
        """
        UPDATE submitted_campaign SET parts = -1 WHERE stage = 0 AND seen_at < now() - $1;
        """;

    private const string RemoveSql =
        """
        WITH over AS (
            SELECT campaign, parts < 0 AS abandoned FROM submitted_campaign WHERE parts < 0 OR ended_at < now() - $1),
        chunks AS (
            DELETE FROM campaign_chunk c USING (
                SELECT k.campaign, k.number FROM over o CROSS JOIN LATERAL (SELECT k.campaign, k.number FROM campaign_chunk k WHERE k.campaign = o.campaign LIMIT $2) k LIMIT $2) d
            WHERE c.campaign = d.campaign AND c.number = d.number RETURNING 1),
        reports AS (
            DELETE FROM campaign_report r USING (
                SELECT p.campaign, p.place FROM over o
                CROSS JOIN LATERAL (SELECT r.campaign, r.place FROM campaign_report r WHERE r.campaign = o.campaign AND r.first = 0 LIMIT $2) p WHERE o.abandoned LIMIT $2) d
            WHERE r.campaign = d.campaign AND r.place = d.place AND r.first = 0 RETURNING 1),
        campaigns AS (
            DELETE FROM submitted_campaign s USING over o
            WHERE s.campaign = o.campaign AND o.abandoned
                AND NOT EXISTS (SELECT FROM campaign_chunk k WHERE k.campaign = s.campaign) AND NOT EXISTS (SELECT FROM campaign_report r WHERE r.campaign = s.campaign AND r.first = 0)
            RETURNING 1)
        SELECT EXISTS (SELECT FROM chunks) OR EXISTS (SELECT FROM reports) OR EXISTS (SELECT FROM campaigns)
        """;

    /// <summary>Ends a campaign, or all of them, whose chunks are all closed.</summary>
    public static async Task<IReadOnlyList<CampaignId>> EndAsync(NpgsqlDataSource source, CampaignId? id, CancellationToken cancellationToken)
    {
        List<CampaignId> ended = [];
        NpgsqlCommand command = source.CreateCommand(EndSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(id is { } one ? checked((int)one.Number) : 0));
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    ended.Add(new CampaignId(row.GetInt32(0)));
                }
            }
        }

        return ended;
    }

    /// <summary>Gives up submissions of which nothing came for long: their next part is refused.</summary>
    public static async Task<bool> AbandonAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand(AbandonSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(Limits.SubmissionSilenceMax));
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0;
        }
    }

    /// <summary>Gives up one submission.</summary>
    public static async Task<bool> GiveUpAsync(NpgsqlDataSource source, int number, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand("UPDATE submitted_campaign SET parts = -1 WHERE campaign = $1 AND stage = 0");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(number));
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) > 0;
        }
    }

    /// <summary>Removes some rows of submissions that were given up and of campaigns that ended long ago; false when there are none.</summary>
    public static async Task<bool> RemoveAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand(RemoveSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of(Limits.EndedChunksKept), Of(Limits.RowsRemovedTogether) });
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
        }
    }
}
