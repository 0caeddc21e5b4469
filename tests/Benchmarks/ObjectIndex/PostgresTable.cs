using System.Diagnostics;
using Actors.Git.Objects;
using Actors.Store.Index;
using Actors.TestKit.Servers;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Benchmarks.ObjectIndex;

/// <summary>The rival: a table of oids in a PostgreSQL server that is made for this run and removed after it.</summary>
internal sealed class PostgresTable : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly NpgsqlConnection _connection;

    private PostgresTable(PostgresServer server, NpgsqlConnection connection) => (_server, _connection) = (server, connection);

    public double LoadRate { get; private set; }

    /// <summary>CPU time of the server so far.</summary>
    public double ServerCpuSeconds => _server.CpuSeconds();

    public double BytesPerOid { get; private set; }

    /// <summary>Starts the server and loads the oids: COPY, then the primary key.</summary>
    public static async Task<PostgresTable> StartAsync(Oid[] oids)
    {
        PostgresServer server = await PostgresServer.StartAsync(
            "shared_buffers=2GB", "work_mem=256MB", "temp_buffers=256MB", "maintenance_work_mem=1GB", "max_wal_size=16GB", "synchronous_commit=off", "autovacuum=off",
            "fsync=on", "full_page_writes=on");
        var table = new PostgresTable(server, new NpgsqlConnection(server.ConnectionString + ";Pooling=false"));
        try
        {
            await table.LoadAsync(oids);
            return table;
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }
    }

    /// <summary>The best look-up: a sorted batch in a temporary table, and one index probe after the other.</summary>
    public async Task<long> CountPresentAsync(Oid[] batch)
    {
        Oid[] sorted = [.. batch];
        OidOrder.Sort(sorted, []);
        await ExecuteAsync("TRUNCATE asked");
        await CopyAsync("asked", sorted);
        await ExecuteAsync("SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_seqscan = on; SET enable_material = off");

        // The answer that a caller needs: which of them are here, not only how many.
        await using var command = new NpgsqlCommand("SELECT a.oid FROM asked a JOIN objects o ON o.oid = a.oid", _connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        long count = 0;
        while (await reader.ReadAsync())
        {
            count++;
        }

        return count;
    }

    /// <summary>The best insert: a temporary table, sorted, conflicts ignored; each batch a transaction.</summary>
    public async Task InsertAsync(Oid[][] batches)
    {
        foreach (Oid[] batch in batches)
        {
            await using NpgsqlTransaction transaction = await _connection.BeginTransactionAsync();
            await ExecuteAsync("TRUNCATE asked");
            await CopyAsync("asked", batch);
            await ExecuteAsync("INSERT INTO objects SELECT oid FROM asked ORDER BY oid ON CONFLICT DO NOTHING");
            await transaction.CommitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task LoadAsync(Oid[] oids)
    {
        await _connection.OpenAsync();
        long start = Stopwatch.GetTimestamp();
        await ExecuteAsync("CREATE TABLE objects (oid bytea NOT NULL)");
        await CopyAsync("objects", oids);
        await ExecuteAsync("ALTER TABLE objects ADD PRIMARY KEY (oid)");
        LoadRate = oids.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await ExecuteAsync("VACUUM (ANALYZE) objects");
        await ExecuteAsync("CREATE TEMP TABLE asked (oid bytea NOT NULL)");
        await using var size = new NpgsqlCommand("SELECT pg_total_relation_size('objects')", _connection);
        BytesPerOid = (long)(await size.ExecuteScalarAsync())! / (double)oids.Length;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private async Task CopyAsync(string table, Oid[] oids)
    {
        await using NpgsqlBinaryImporter copy = await _connection.BeginBinaryImportAsync($"COPY {table} (oid) FROM STDIN (FORMAT BINARY)");
        copy.Timeout = TimeSpan.FromHours(1);
        foreach (Oid oid in oids)
        {
            byte[] bytes = new byte[Oid.Length];
            oid.CopyTo(bytes);
            copy.StartRow();
            copy.Write(bytes, NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }
}
