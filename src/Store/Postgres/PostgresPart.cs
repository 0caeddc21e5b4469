using Npgsql;

namespace Actors.Store.Postgres;

/// <summary>
/// A part of the shared store that is read and written by calls which are each harmless to repeat: so they are, where a connection was lost. Any
/// number of processes, and of calls at once.
/// </summary>
internal sealed class PostgresPart : IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly string _what;

    private PostgresPart(PostgresDatabase database, string what) => (_database, _what) = (database, what);

    /// <summary>Opens the database, and brings its schema up to date first.</summary>
    /// <param name="what">What is kept there, for errors: "the listings".</param>
    /// <param name="connectionString">As <see cref="PostgresDatabase.Open"/> takes it.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Spreads them.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="PostgresStoreException">Unreachable, of a newer version, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static async Task<PostgresPart> OpenAsync(string what, string connectionString, TimeProvider clock, Random random, CancellationToken cancellationToken)
    {
        PostgresPart part = new(PostgresDatabase.Open(connectionString, clock, random), what);
        try
        {
            await PostgresSchema.ApplyAsync(part._database.Source, cancellationToken).ConfigureAwait(false);
            return part;
        }
        catch (Exception e)
        {
            await part.DisposeAsync().ConfigureAwait(false);
            throw IsOfDatabase(e) ? part.Describe(e) : e;
        }
    }

    /// <summary>Works with a connection, again where one was lost.</summary>
    /// <exception cref="PostgresStoreException">It did not go well.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await _database.Retries.RunAsync(
                async stop =>
                {
                    NpgsqlConnection connection = await _database.Source.OpenConnectionAsync(stop).ConfigureAwait(false);
                    await using (connection.ConfigureAwait(false))
                    {
                        return await work(connection, stop).ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            throw Describe(e);
        }
    }

    /// <summary>Runs one statement and reads its rows.</summary>
    /// <param name="sql">With <c>$1</c>, <c>$2</c>…</param>
    /// <param name="values">Of the parameters: values, or <see cref="NpgsqlParameter"/> where the type does not follow from the value.</param>
    /// <param name="read">A row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PostgresStoreException">It did not go well.</exception>
    public Task<List<T>> QueryAsync<T>(string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) => RunAsync(
        async (connection, stop) =>
        {
            NpgsqlCommand command = Command(connection, sql, values);
            await using (command.ConfigureAwait(false))
            {
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    List<T> rows = [];
                    while (await reader.ReadAsync(stop).ConfigureAwait(false))
                    {
                        rows.Add(read(reader));
                    }

                    return rows;
                }
            }
        },
        cancellationToken);

    /// <summary>Runs one statement that gives no rows.</summary>
    /// <exception cref="PostgresStoreException">It did not go well.</exception>
    public Task ExecuteAsync(string sql, object[] values, CancellationToken cancellationToken) => RunAsync(
        async (connection, stop) => await ExecuteAsync(connection, sql, values, stop).ConfigureAwait(false), cancellationToken);

    /// <summary>The same within a transaction of the caller's.</summary>
    /// <returns>How many rows it changed.</returns>
    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = Command(connection, sql, values);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object value in values)
        {
            // A parameter belongs to one command, and this may be the second attempt.
            _ = command.Parameters.Add(value is NpgsqlParameter parameter ? parameter.Clone() : new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static bool IsOfDatabase(Exception failure) => failure is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException;

    private PostgresStoreException Describe(Exception failure) => new(_database.Name, $"{char.ToUpperInvariant(_what[0])}{_what[1..]} failed: {failure.Message}", failure);
}
