using Npgsql;

namespace Actors.Store.Postgres;

/// <summary>
/// What Orleans' ADO.NET providers (membership, reminders, grain state; 10.4) need in a cluster's database: tables and the statements that
/// they run, written by us (<c>Scripts/Orleans</c>). In the schema of the store, versioned by a table of its own; a store without a cluster does not have them.
/// </summary>
public static class OrleansSchema
{
    /// <summary>The providers' name of the client library (their option <c>Invariant</c>).</summary>
    public const string Invariant = "Npgsql";

    /// <summary>Applies what is missing; any number of processes may do so at once.</summary>
    /// <param name="connectionString">As the head store takes it: the same database and schema, or others.</param>
    /// <param name="clock">Of the process.</param>
    /// <param name="random">Of the process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PostgresStoreException">Unreachable, a script was changed after it was applied, the database is newer than this program, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static async Task ApplyAsync(string connectionString, TimeProvider clock, Random random, CancellationToken cancellationToken)
    {
        PostgresDatabase database = PostgresDatabase.Open(connectionString, clock, random);
        await using (database.ConfigureAwait(false))
        {
            try
            {
                await PostgresSchema.ApplyAsync(database.Source, SchemaScript.Orleans, "orleans_schema_script", cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
            {
                throw new PostgresStoreException(database.Name, $"What Orleans needs in the database could not be made: {e.Message}", e);
            }
        }
    }

    /// <summary>The connection string that the providers are given: its search path is where <see cref="ApplyAsync"/> made their tables.</summary>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static string ConnectionStringFor(string connectionString)
    {
        PostgresDatabase.Check(connectionString);
        NpgsqlConnectionStringBuilder settings = new(connectionString);
        settings.SearchPath ??= PostgresDatabase.DefaultSchema;
        settings.ApplicationName ??= "actors-orleans";
        return settings.ConnectionString;
    }
}
