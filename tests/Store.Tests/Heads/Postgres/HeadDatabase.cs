using Actors.Store.Heads;
using Actors.TestKit.Servers;
using Npgsql;

namespace Actors.Store.Tests.Heads.Postgres;

/// <summary>Head databases on the tests' server.</summary>
internal static class HeadDatabase
{
    /// <summary>A new one, empty, its schema applied.</summary>
    /// <returns>How to connect to it.</returns>
    public static Task<string> CreateAsync(PostgresServer server) => server.CreateDatabaseAsync("head_template", async connection =>
    {
        await using (await OpenAsync(connection + ";Pooling=false"))
        {
        }
    });

    public static Task<PostgresHeadStore> OpenAsync(string connection) => PostgresHeadStore.OpenAsync(connection, TimeProvider.System, new Random(1), CancellationToken.None);

    /// <summary>The one value that a statement gives, in the schema of the tables.</summary>
    public static async Task<object?> ScalarAsync(string connection, string sql)
    {
        await using NpgsqlConnection open = new(connection + ";Pooling=false;Search Path=actors");
        await open.OpenAsync();
        await using NpgsqlCommand command = new(sql, open);
        return await command.ExecuteScalarAsync();
    }
}
