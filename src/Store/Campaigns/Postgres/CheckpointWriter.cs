using System.Numerics;
using Actors.Store.Postgres;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Campaigns.Postgres;

/// <summary>
/// Writes groups of checkpoints, each group in one statement: chunks, counts, report. The checkpoint's number tells whether one
/// whose answer was lost was written.
/// </summary>
internal sealed class CheckpointWriter(PostgresDatabase database, short shard)
{
    private const string WriteSql =
        """
        WITH v AS MATERIALIZED (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                WITH ORDINALITY AS v (campaign, chunk, claim, number, done, done_count, next, time, report, report_lines, place)),
        written AS (
            UPDATE campaign_chunk c SET done = v.done, left_over = c.repositories - v.done_count, checkpoint = v.number, closed = v.next = 2,
                holder = CASE v.next WHEN 0 THEN c.holder END, free_at = now() + v.time
            FROM v WHERE c.campaign = v.campaign AND c.number = v.chunk AND c.claim = v.claim AND c.holder IS NOT NULL AND c.checkpoint < v.number
            RETURNING c.campaign, c.number, v.place),
        counted AS (
            INSERT INTO campaign_count AS t (campaign, shard, counter, value)
            SELECT w.campaign, $11, u.counter, sum(u.value)
            FROM unnest($12, $13, $14) AS u (place, counter, value) JOIN written w ON w.place = u.place
            GROUP BY w.campaign, u.counter ORDER BY w.campaign, u.counter
            ON CONFLICT (campaign, shard, counter) DO UPDATE SET value = t.value + excluded.value),
        reported AS (
            INSERT INTO campaign_report (campaign, lines, body)
            SELECT v.campaign, v.report_lines, v.report FROM v JOIN written w ON w.place = v.place WHERE v.report_lines > 0 ORDER BY v.place)
        SELECT CASE WHEN w.place IS NOT NULL OR (k.claim = v.claim AND k.checkpoint >= v.number) THEN CASE WHEN s.stage IN (1, 3) THEN 1 ELSE 2 END
            WHEN k.claim = v.claim AND k.holder IS NOT NULL THEN -1 ELSE 0 END
        FROM v
        LEFT JOIN written w ON w.place = v.place
        LEFT JOIN campaign_chunk k ON k.campaign = v.campaign AND k.number = v.chunk
        LEFT JOIN submitted_campaign s ON s.campaign = v.campaign
        ORDER BY v.place
        """;

    /// <summary>An earlier attempt at the same checkpoint was just being committed, so neither was it seen nor written: ask again.</summary>
    private const int Again = -1;

#pragma warning disable CA1031 // Whatever went wrong belongs to the callers who wait; the queue goes on.
    /// <summary>Writes a group, and tells each caller how it ended.</summary>
    public async Task WriteAsync(List<CheckpointWork> group)
    {
        _ = group.RemoveAll(work => work.CancellationToken.IsCancellationRequested && work.Done.TrySetCanceled(work.CancellationToken));
        while (group.Count > 0)
        {
            // One of each chunk at a time.
            List<CheckpointWork> together = [.. group.DistinctBy(w => (w.Checkpoint.Hold.Campaign, w.Checkpoint.Hold.Chunk))];
            _ = group.RemoveAll(together.Contains);
            try
            {
                group.InsertRange(0, await TryWriteAsync(together).ConfigureAwait(false));
            }
            catch (Exception) when (together.Count > 1)
            {
                // One that cannot be written harms no other.
                foreach (CheckpointWork work in together)
                {
                    await WriteAsync([work]).ConfigureAwait(false);
                }
            }
            catch (Exception e)
            {
                together[0].Done.SetException(Describe(e));
            }
        }
    }
#pragma warning restore CA1031

    private Exception Describe(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CheckViolation } => new ArgumentException("A chunk was ended that has lines without an outcome, or its lines are not those that are told of."),
        _ when CampaignFailure.IsOfDatabase(failure) => CampaignFailure.Describe(database, failure),
        _ => failure,
    };

    /// <summary>Those that are to be written again come back.</summary>
    private async Task<List<CheckpointWork>> TryWriteAsync(List<CheckpointWork> group)
    {
        int[] results = await database.Retries.RunAsync(
            async cancellation => await ExecuteAsync(group.ConvertAll(w => w.Checkpoint).ToArray(), cancellation).ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
        List<CheckpointWork> again = [];
        for (int place = 0; place < results.Length; place++)
        {
            if (results[place] == Again)
            {
                again.Add(group[place]);
            }
            else
            {
                group[place].Done.SetResult((HoldState)results[place]);
            }
        }

        return again;
    }

    private async ValueTask<int[]> ExecuteAsync(ChunkCheckpoint[] group, CancellationToken cancellationToken)
    {
        (long Place, short Counter, long Value)[] counts = [.. group.SelectMany((c, place) => c.Counts.List().Select(n => (place + 1L, n.Counter, n.Value)))];
        NpgsqlCommand command = database.Source.CreateCommand(WriteSql);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[]
                {
                    Of(Array.ConvertAll(group, c => checked((int)c.Hold.Campaign.Number))), Of(Array.ConvertAll(group, c => c.Hold.Chunk)), Of(Array.ConvertAll(group, c => c.Hold.Claim)),
                    Of(Array.ConvertAll(group, c => c.Number)), OfBytes(Array.ConvertAll(group, c => c.Done.ToArray())), Of(Array.ConvertAll(group, c => CountDone(c.Done.Span))),
                    Of(Array.ConvertAll(group, c => (short)c.Next)), Of(Array.ConvertAll(group, c => c.Time)),
                    OfBytes(Array.ConvertAll(group, c => c.Report.Count == 0 ? [] : ChunkLines.PackReport(c.Report))), Of(Array.ConvertAll(group, c => c.Report.Count)),
                    Of(shard), Of(Array.ConvertAll(counts, c => c.Place)), Of(Array.ConvertAll(counts, c => c.Counter)), Of(Array.ConvertAll(counts, c => c.Value)),
                });
            int[] results = new int[group.Length];
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                for (int place = 0; await row.ReadAsync(cancellationToken).ConfigureAwait(false); place++)
                {
                    results[place] = row.GetInt32(0);
                }
            }

            return results;
        }
    }

    private static int CountDone(ReadOnlySpan<byte> done)
    {
        int count = 0;
        foreach (byte bits in done)
        {
            count += BitOperations.PopCount(bits);
        }

        return count;
    }
}
