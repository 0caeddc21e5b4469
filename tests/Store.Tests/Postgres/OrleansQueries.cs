using System.Data;
using System.Data.Common;
using System.Globalization;
using Actors.Store.Postgres;
using Actors.TestKit.Servers;
using Npgsql;

namespace Actors.Store.Tests.Postgres;

/// <summary>Runs the statements of <c>OrleansQuery</c> as Orleans' providers do: by key, with named parameters of the types that they pass, results by column.</summary>
internal sealed class OrleansQueries : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private OrleansQueries(NpgsqlDataSource source, Dictionary<string, string> queries) => (_source, Texts) = (source, queries);

    public IReadOnlyDictionary<string, string> Texts { get; }

    public static async Task<OrleansQueries> OpenAsync(PostgresServer server)
    {
        string connection = await server.CreateDatabaseAsync();
        await OrleansSchema.ApplyAsync(connection, TimeProvider.System, new Random(1), CancellationToken.None);
        NpgsqlDataSource source = NpgsqlDataSource.Create(OrleansSchema.ConnectionStringFor(connection));
        await using DbCommand command = source.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        await using DbDataReader row = await command.ExecuteReaderAsync();
        Dictionary<string, string> queries = [];
        while (await row.ReadAsync())
        {
            queries.Add((string)row.GetValue(row.GetOrdinal("QueryKey")), (string)row.GetValue(row.GetOrdinal("QueryText")));
        }

        return new OrleansQueries(source, queries);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>All rows, each as its columns' values by name, in any case.</summary>
    public async Task<List<Dictionary<string, object?>>> RunAsync(string key, params (string Name, object? Value)[] parameters)
    {
        await using DbConnection connection = await _source.OpenConnectionAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = Texts[key];
        foreach ((string name, object? value) in parameters)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            parameter.DbType = TypeOf(name, value);
            parameter.Direction = ParameterDirection.Input;
            command.Parameters.Add(parameter);
        }

        await using DbDataReader row = await command.ExecuteReaderAsync();
        List<Dictionary<string, object?>> rows = [];
        do
        {
            while (await row.ReadAsync())
            {
                rows.Add(Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, i => row.IsDBNull(i) ? null : row.GetValue(i), StringComparer.OrdinalIgnoreCase));
            }
        }
        while (await row.NextResultAsync());
        return rows;
    }

    /// <summary>The one value of the one row, as the providers read a success.</summary>
    public async Task<bool> SucceedsAsync(string key, params (string Name, object? Value)[] parameters)
    {
        Dictionary<string, object?> row = (await RunAsync(key, parameters))[0];
        return Convert.ToBoolean(row.Values.Single(), CultureInfo.InvariantCulture);
    }

    private static DbType TypeOf(string name, object? value) => value switch
    {
        int => DbType.Int32,
        long => DbType.Int64,
        string => DbType.String,
        DateTime => DbType.DateTime,
        byte[] => DbType.Binary,
        null when name == "GrainStateVersion" => DbType.Int32,
        null when name is "SuspectTimes" or "GrainIdExtensionString" => DbType.String,
        _ => throw new ArgumentException($"The providers do not pass '{name}' so."),
    };
}
