using System.Globalization;
using System.Net.Sockets;
using Actors.Store.Index.Ranges;
using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.Catalogue;

/// <summary>
/// The catalogue of a shared store in PostgreSQL: which packs are visible and in what order they became so, which blobs are on
/// their way, which runs the object index has, what is kept aside, who does what just now. One transaction each, done again
/// where the connection was lost; a commit whose answer was lost is looked up.
/// </summary>
/// <param name="database">The database, whose schema is applied; stays the caller's.</param>
/// <param name="clock">Dates rows and ends leases: clocks of the machines agree within seconds.</param>
/// <param name="process">Names this process to people.</param>
internal sealed partial class StoreCatalogue(PostgresDatabase database, TimeProvider clock, string process) : IIndexCatalogue
{
    /// <summary>Host, port, database and schema; nothing secret.</summary>
    public string Location => database.Name;

    /// <summary>Names this process to people, and in leases.</summary>
    public string Process => process;

    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await database.Retries.RunAsync(
                async stop =>
                {
                    NpgsqlConnection connection = await database.Source.OpenConnectionAsync(stop).ConfigureAwait(false);
                    await using (connection.ConfigureAwait(false))
                    {
                        return await work(connection, stop).ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
        {
            throw new PostgresStoreException(database.Name, $"The catalogue failed: {failure.Message}", failure);
        }
    }

    private Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    T answer = await work(connection, stop).ConfigureAwait(false);
                    await transaction.CommitAsync(stop).ConfigureAwait(false);
                    return answer;
                }
            },
            cancellationToken);

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = Command(connection, sql, values);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<List<T>> QueryAsync<T>(
        NpgsqlConnection connection, string sql, object[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = Command(connection, sql, values);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }

                return rows;
            }
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
        {
            _ = command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
