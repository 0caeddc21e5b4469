using System.Globalization;
using Actors.Benchmarks.Measuring;
using Actors.Store.Heads;
using Actors.TestKit.Servers;
using Npgsql;

namespace Actors.Benchmarks.Heads;

/// <summary>What a changed ref costs the shared head database on the disk, by how many change with one visit.</summary>
internal static class ChangedRefsBenchmark
{
    public const string Usage = "changed-refs: bytes of a changed ref in PostgreSQL, by how many change together";

    private const int Repositories = 1_500;
    private const int Refs = 100;
    private const int Visits = 8;

    private const string SnapshotsSql =
        "SELECT sum(pg_table_size(i.inhrelid))::bigint, sum(pg_indexes_size(i.inhrelid))::bigint FROM pg_inherits i WHERE i.inhparent = 'actors.snapshot'::regclass";

    public static async Task<int> RunAsync(string[] args)
    {
        ResultTable table = new(
            "Bytes of a changed ref",
            $"{Repositories:N0} repositories of {Refs} refs are visited once and then {Visits} times, each time with so many refs changed. Growth of the table `snapshot` and of its index, by "
            + "`pg_table_size` and `pg_indexes_size`, over the number of snapshots (a delta each, whole again after 16) and of changed refs; the visits themselves are in the capacity sheet.",
            ["Refs changed with a visit", "Whole: table B/snapshot", "Delta: table B/snapshot", "Delta: index B/snapshot", "B/changed ref"]);
        await using PostgresServer server = await PostgresServer.StartAsync();
        foreach (int changed in (int[])[1, 5, 20])
        {
            string connection = await server.CreateDatabaseAsync();
            await using PostgresHeadStore store = await PostgresHeadStore.OpenAsync(connection, TimeProvider.System, new Random(1), CancellationToken.None);
            (long empty, _) = await SizesAsync(connection);
            await RecordAsync(store, visit: 0, changed);
            (long whole, long wholeIndexes) = await SizesAsync(connection);
            for (int visit = 1; visit <= Visits; visit++)
            {
                await RecordAsync(store, visit, changed);
            }

            (long all, long allIndexes) = await SizesAsync(connection);
            double deltas = Repositories * Visits;
            table.Add(
                changed.ToString(CultureInfo.InvariantCulture), Number((whole - empty) / (double)Repositories), Number((all - whole) / deltas), Number((allIndexes - wholeIndexes) / deltas),
                Number((all - whole + allIndexes - wholeIndexes) / (deltas * changed)));
        }

        await table.WriteAsync("changed-refs.md");
        return 0;
    }

    private static async Task RecordAsync(PostgresHeadStore store, int visit, int changed)
    {
        foreach (int[] batch in Enumerable.Range(0, Repositories).Chunk(1000))
        {
            await store.RecordAsync([.. batch.Select(n => GeneratedVisits.WideVisit(n, Refs, visit, changed))], CancellationToken.None);
        }
    }

    private static async Task<(long Heap, long Indexes)> SizesAsync(string connection)
    {
        await using NpgsqlConnection open = new(connection + ";Pooling=false");
        await open.OpenAsync();
        await using NpgsqlCommand command = new(SnapshotsSql, open);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static string Number(double number) => number.ToString("F0", CultureInfo.InvariantCulture);
}
