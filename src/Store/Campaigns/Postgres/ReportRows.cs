using Actors.Store.Heads;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>Reports. Who reads numbers the parts that are new, one reader at a time; a part that is committed later gets higher numbers, so nothing is ever missed.</summary>
internal static class ReportRows
{
    private const string PageSql =
        """
        SELECT first, lines, body FROM campaign_report
        WHERE campaign = $1 AND first > 0 AND first >= coalesce((SELECT first FROM campaign_report WHERE campaign = $1 AND first > 0 AND first <= $2 ORDER BY first DESC LIMIT 1), 1)
        ORDER BY first LIMIT $3
        """;

    private const string LockSql = "SELECT FROM submitted_campaign WHERE campaign = $1 FOR UPDATE";

    private const string NumberSql =
        """
        WITH fresh AS (
            SELECT place, lines, sum(lines) OVER (ORDER BY place) AS upto FROM campaign_report WHERE campaign = $1 AND first = 0 ORDER BY place LIMIT $2),
        numbered AS (
            UPDATE campaign_report r SET first = c.reported + f.upto - f.lines + 1
            FROM fresh f, submitted_campaign c WHERE c.campaign = $1 AND r.campaign = $1 AND r.place = f.place AND r.first = 0)
        UPDATE submitted_campaign SET reported = reported + (SELECT max(upto) FROM fresh) WHERE campaign = $1 AND EXISTS (SELECT FROM fresh)
        """;

    /// <summary>Lines after one, as many as some parts have; none: there are none with numbers.</summary>
    public static async Task<List<StoredReportLine>> PageAsync(NpgsqlDataSource source, CampaignId id, long after, CancellationToken cancellationToken)
    {
        List<StoredReportLine> page = [];
        NpgsqlCommand command = source.CreateCommand(PageSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(new[] { Of((int)id.Number), Of(after + 1), Of(Limits.ReportPartsPerPage) });
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    long number = row.GetInt64(0);
                    foreach (ReadOnlyMemory<byte> line in ChunkLines.UnpackReport(row.GetFieldValue<byte[]>(2), row.GetInt32(1)))
                    {
                        if (number > after)
                        {
                            page.Add(new StoredReportLine(number, line));
                        }

                        number++;
                    }
                }
            }
        }

        return page;
    }

    /// <summary>Numbers parts that have no numbers; false when there were none.</summary>
    public static async Task<bool> NumberAsync(NpgsqlDataSource source, CampaignId id, CancellationToken cancellationToken)
    {
        NpgsqlCommand look = source.CreateCommand("SELECT EXISTS (SELECT FROM campaign_report WHERE campaign = $1 AND first = 0)");
        await using (look.ConfigureAwait(false))
        {
            look.Parameters.Add(Of((int)id.Number));
            if (await look.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
            {
                return false;
            }
        }

        // The second statement sees what was committed until the lock was had: another reader's numbers too.
        NpgsqlBatch batch = source.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(LockSql) { Parameters = { Of((int)id.Number) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(NumberSql) { Parameters = { Of((int)id.Number), Of(Limits.ReportPartsNumberedMax) } });
            _ = await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
    }
}
