using Actors.Git.Remotes;
using Actors.Store.Schedules;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>When repositories are visited next. Every statement is one transaction.</summary>
internal static class ScheduleRows
{
    private const string Columns = "s.queue, s.due_at, s.observed_at, s.told_at, s.listed_at, s.shape, s.exposure_days, s.url";

    private const string Insert =
        """
        INSERT INTO schedule (key, queue, due_at, observed_at, told_at, listed_at, shape, exposure_days, url)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO
        """;

    private const string Replace =
        """
        UPDATE SET queue = excluded.queue, due_at = excluded.due_at, observed_at = excluded.observed_at, told_at = excluded.told_at,
        listed_at = excluded.listed_at, shape = excluded.shape, exposure_days = excluded.exposure_days
        """;

    private const string Take =
        """
        WITH due AS (SELECT key, due_at FROM schedule WHERE queue = $1 AND due_at <= $2 ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
        UPDATE schedule s SET due_at = $3 FROM due WHERE s.key = due.key
        RETURNING s.queue, due.due_at, s.observed_at, s.told_at, s.listed_at, s.shape, s.exposure_days, s.url
        """;

    public static async Task WriteAsync(NpgsqlDataSource source, KeyValuePair<Guid, ScheduledVisit>[] visits, bool replace, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand($"{Insert} {(replace ? Replace : "NOTHING")}");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(
                new[]
                {
                    Array(visit => visit.Key),
                    Array(visit => (short)visit.Value.Queue),
                    Array(visit => HeadTime.ToNumber(visit.Value.DueAt)),
                    Array(visit => HeadTime.ToNumber(visit.Value.ObservedAt)),
                    Array(visit => HeadTime.ToNumber(visit.Value.ToldAt)),
                    Array(visit => HeadTime.ToNumber(visit.Value.ListedAt)),
                    Array(visit => visit.Value.Shape),
                    Array(visit => visit.Value.ExposureDays),
                    Array(visit => visit.Value.Url.ToString()),
                });
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        NpgsqlParameter Array<T>(Func<KeyValuePair<Guid, ScheduledVisit>, T> value) => new() { Value = visits.Select(value).ToArray() };
    }

    public static async Task<IReadOnlyList<ScheduledVisit?>> FindAsync(NpgsqlDataSource source, IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        List<ScheduledVisit> rows = await QueryAsync(
            source, $"SELECT {Columns} FROM schedule s WHERE s.key = ANY($1)", [urls.Select(RepositoryKey.Of).ToArray()], cancellationToken).ConfigureAwait(false);
        Dictionary<RepositoryUrl, ScheduledVisit> found = rows.ToDictionary(visit => visit.Url);
        return [.. urls.Select(url => found.GetValueOrDefault(url))];
    }

    public static async Task<IReadOnlyList<ScheduledVisit>> TakeAsync(
        NpgsqlDataSource source, ScheduleQueue queue, DateTimeOffset now, DateTimeOffset lostAt, int most, CancellationToken cancellationToken)
    {
        List<ScheduledVisit> taken = await QueryAsync(
            source, Take, [(short)queue, HeadTime.ToNumber(now), HeadTime.ToNumber(lostAt), most], cancellationToken).ConfigureAwait(false);
        return [.. taken.OrderBy(visit => visit.DueAt)];
    }

    public static async Task<IReadOnlyList<ScheduledVisit>> SampleAsync(NpgsqlDataSource source, int most, CancellationToken cancellationToken) =>
        // Keys are digests: the first ones are as good a sample as any.
        await QueryAsync(source, $"SELECT {Columns} FROM schedule s ORDER BY s.key LIMIT $1", [most], cancellationToken).ConfigureAwait(false);

    public static async Task<IReadOnlyList<ScheduleFigures>> ReadFiguresAsync(NpgsqlDataSource source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<ScheduleFigures> figures = [];
        NpgsqlCommand command = source.CreateCommand(
            "SELECT queue, count(*), count(*) FILTER (WHERE due_at <= $1), min(due_at) FROM schedule GROUP BY queue ORDER BY queue");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(HeadTime.ToNumber(now)));
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    figures.Add(new ScheduleFigures((ScheduleQueue)row.GetInt16(0), row.GetInt64(1), row.GetInt64(2), HeadTime.FromNumber(row.GetInt64(3))));
                }
            }
        }

        return figures;
    }

    private static async Task<List<ScheduledVisit>> QueryAsync(NpgsqlDataSource source, string sql, object[] values, CancellationToken cancellationToken)
    {
        List<ScheduledVisit> visits = [];
        NpgsqlCommand command = source.CreateCommand(sql);
        await using (command.ConfigureAwait(false))
        {
            foreach (object value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    visits.Add(Read(row));
                }
            }
        }

        return visits;
    }

    private static ScheduledVisit Read(NpgsqlDataReader row)
    {
        return new ScheduledVisit
        {
            Url = RepositoryUrl.Parse(row.GetString(7)),
            Queue = (ScheduleQueue)row.GetInt16(0),
            DueAt = HeadTime.FromNumber(row.GetInt64(1)),
            ObservedAt = Time(2),
            ToldAt = Time(3),
            ListedAt = Time(4),
            Shape = row.GetFloat(5),
            ExposureDays = row.GetFloat(6),
        };

        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : HeadTime.FromNumber(row.GetInt64(column));
    }
}
