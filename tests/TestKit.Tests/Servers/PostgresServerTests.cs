using Actors.TestKit.Servers;
using Npgsql;
using Xunit;

namespace Actors.TestKit.Tests.Servers;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task A_server_keeps_its_databases_over_a_crash_and_leaves_nothing_behind()
    {
        PostgresServer.Require(Assert.Skip);
        PostgresServer server = await PostgresServer.StartAsync();
        string folder = server.SocketFolder;
        await using (server)
        {
            string first = await server.CreateDatabaseAsync("with_table", connection => ExecuteAsync(connection, "CREATE TABLE t AS SELECT 7 AS n"));
            string second = await server.CreateDatabaseAsync("with_table", _ => throw new InvalidOperationException("it is prepared once"));
            Assert.Equal(7, await ExecuteAsync(first, "UPDATE t SET n = 8; SELECT 7"));
            int port = server.Port;
            await server.StopAsync(crash: true);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(first, "SELECT n FROM t"));
            await server.RestartAsync();
            Assert.Equal(port, server.Port);
            Assert.Equal(8, await ExecuteAsync(first, "SELECT n FROM t"));
            Assert.Equal(7, await ExecuteAsync(second, "SELECT n FROM t"));
            string socket = new NpgsqlConnectionStringBuilder(first) { Host = folder }.ConnectionString;
            Assert.Equal(8, await ExecuteAsync(socket, "SELECT n FROM t"));
            Assert.True(server.CpuSeconds() > 0);
        }

        Assert.False(Directory.Exists(folder));
    }

    private static async Task<object?> ExecuteAsync(string connection, string sql)
    {
        await using NpgsqlConnection open = new(connection + ";Pooling=false");
        await open.OpenAsync();
        await using NpgsqlCommand command = new(sql, open);
        return await command.ExecuteScalarAsync();
    }
}
