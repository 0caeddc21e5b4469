using System.Globalization;
using Actors.Benchmarks.Measuring;
using Npgsql;

namespace Actors.Benchmarks.Heads;

/// <summary>Bytes that each table and index has on the disk, by <c>pg_relation_size</c>: what the capacity sheet rests on.</summary>
internal sealed class RowSizes(string connection, int repositories)
{
    private const string Sql =
        """
        SELECT t.relname::text AS parent,
            (SELECT sum(c.reltuples) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = t.oid AND c.reltuples > 0)::bigint AS rows,
            (SELECT sum(pg_table_size(i.inhrelid)) FROM pg_inherits i WHERE i.inhparent = t.oid)::bigint AS heap,
            (SELECT sum(pg_indexes_size(i.inhrelid)) FROM pg_inherits i WHERE i.inhparent = t.oid)::bigint AS indexes
        FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'actors' AND t.relkind = 'p' ORDER BY t.relname
        """;

    public async Task WriteAsync()
    {
        ResultTable table = new(
            "Bytes of a head database's rows",
            $"After the passes of `heads-postgres` over {repositories.ToString("N0", CultureInfo.InvariantCulture)} repositories (URLs of {GeneratedVisits.Url(repositories / 2).ToString().Length} characters, four refs each, four visits): "
            + "`pg_table_size` and `pg_indexes_size` of all partitions, over the rows that `ANALYZE` counts.",
            ["Table", "Rows", "Table B/row", "Indexes B/row", "MB"]);
        await using NpgsqlConnection open = new(connection + ";Pooling=false;Search Path=actors");
        await open.OpenAsync();
        await using (NpgsqlCommand analyze = new("ANALYZE", open) { CommandTimeout = 0 })
        {
            await analyze.ExecuteNonQueryAsync();
        }

        await using NpgsqlCommand command = new(Sql, open) { CommandTimeout = 0 };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            long rows = row.IsDBNull(1) ? 0 : row.GetInt64(1);
            if (rows > 0)
            {
                table.Add(
                    row.GetString(0), rows.ToString("N0", CultureInfo.InvariantCulture), PerRow(row.GetInt64(2), rows), PerRow(row.GetInt64(3), rows),
                    ((row.GetInt64(2) + row.GetInt64(3)) >> 20).ToString("N0", CultureInfo.InvariantCulture));
            }
        }

        await table.WriteAsync("heads-postgres-rows.md");
    }

    private static string PerRow(long bytes, long rows) => (bytes / (double)rows).ToString("F1", CultureInfo.InvariantCulture);
}
