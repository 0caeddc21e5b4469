using System.Globalization;
using Actors.Git.Remotes;
using Actors.Store.Campaigns.Submissions;
using Actors.Store.Postgres;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>Writes a list's parts, each in one statement. The part's number keeps one whose answer was lost from being written twice.</summary>
internal sealed class SubmissionTarget(PostgresDatabase database, int campaign) : ISubmissionTarget
{
    private const string WriteSql =
        """
        WITH part AS (
            UPDATE submitted_campaign SET parts = $2, seen_at = now(), lines = $3, repositories = $4, duplicates = $5, rejected = $6,
                stage = CASE WHEN NOT $7 THEN 0 WHEN $4 = 0 THEN 3 ELSE 1 END, ended_at = CASE WHEN $7 AND $4 = 0 THEN now() END
            WHERE campaign = $1 AND stage = 0 AND parts = $2 - 1 RETURNING 1),
        chunks AS (
            INSERT INTO campaign_chunk (campaign, number, free_at, claim, checkpoint, closed, spot, host, repositories, left_over, done, lines)
            SELECT $1, c.number, now(), 0, 0, false, c.spot, c.host, c.count, c.count, decode(repeat('00', (c.count + 7) / 8), 'hex'), c.lines
            FROM part CROSS JOIN unnest($8, $9, $10, $11, $12) AS c (number, spot, host, count, lines)),
        report AS (
            INSERT INTO campaign_report (campaign, lines, body) SELECT $1, $13, $14 FROM part WHERE $13 > 0)
        SELECT EXISTS (SELECT FROM part), (SELECT parts FROM submitted_campaign WHERE campaign = $1)
        """;

    public async Task WriteAsync(SubmissionPart part, CancellationToken cancellationToken)
    {
        byte[] report = part.Report.Count == 0 ? [] : ChunkLines.PackReport(part.Report);
        while (true)
        {
            (bool written, int parts) = await database.Retries.RunAsync(
                async cancellation => await TryWriteAsync(part, report, cancellation).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            if (written || parts == part.Number)
            {
                return;
            }

            // As it was before: an earlier attempt whose answer was lost was just being committed. Anything else: somebody gave it up.
            if (parts != part.Number - 1)
            {
                throw new PostgresStoreException(database.Name, string.Create(CultureInfo.InvariantCulture, $"The submission of campaign {campaign} was given up: nothing came for hours"));
            }
        }
    }

    private async Task<(bool Written, int Parts)> TryWriteAsync(SubmissionPart part, byte[] report, CancellationToken cancellationToken)
    {
        ChunkDraft[] chunks = [.. part.Chunks];
        NpgsqlCommand command = database.Source.CreateCommand(WriteSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[]
                {
                    Of(campaign), Of(part.Number), Of(part.Tally.Lines), Of(part.Tally.Repositories), Of(part.Tally.Duplicates), Of(part.Tally.Rejected), Of(part.Last),
                    Of(Enumerable.Range(part.FirstChunk, chunks.Length).ToArray()), Of(Array.ConvertAll(chunks, c => HostSpot.Of(c.Host))),
                    Of(Array.ConvertAll(chunks, c => c.Host is { } host ? host.ToString() : "")), Of(Array.ConvertAll(chunks, c => c.Count)),
                    OfBytes(Array.ConvertAll(chunks, c => c.Lines)), Of(part.Report.Count), Of(report),
                });
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                _ = await row.ReadAsync(cancellationToken).ConfigureAwait(false);
                return (row.GetBoolean(0), row.IsDBNull(1) ? -1 : row.GetInt32(1));
            }
        }
    }
}
