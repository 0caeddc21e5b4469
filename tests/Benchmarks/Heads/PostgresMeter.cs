using Actors.TestKit.Servers;
using Npgsql;

namespace Actors.Benchmarks.Heads;

/// <summary>What a pass costs the server.</summary>
internal sealed class PostgresMeter(PostgresServer server, string connection)
{
    /// <summary>Seconds of CPU, bytes of write-ahead log, and updates of repositories so far: all, and those that touched no index (HOT).</summary>
    public async Task<(double CpuSeconds, long WalBytes, long Updates, long Hot)> ReadAsync()
    {
        await using NpgsqlConnection open = new(connection + ";Pooling=false");
        await open.OpenAsync();
        await using NpgsqlCommand command = new(
            """
            SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, sum(n_tup_upd)::bigint, sum(n_tup_hot_upd)::bigint
            FROM pg_stat_user_tables WHERE relname LIKE 'repository%'
            """,
            open);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (server.CpuSeconds(), row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>What the pass before left to do is done: statistics and dead rows as after a while, all pages written.</summary>
    public async Task SettleAsync()
    {
        await using NpgsqlConnection open = new(connection + ";Pooling=false;Search Path=actors");
        await open.OpenAsync();
        foreach (string sql in (string[])["VACUUM (ANALYZE) repository", "CHECKPOINT"])
        {
            await using NpgsqlCommand command = new(sql, open) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
    }
}
