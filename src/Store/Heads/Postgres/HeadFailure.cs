using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.Heads.Postgres;

/// <summary>What PostgreSQL's failures mean for a caller of the head store.</summary>
internal static class HeadFailure
{
    /// <summary>Whether the failure is the database's, not the caller's or ours.</summary>
    public static bool IsOfDatabase(Exception failure) => failure is NpgsqlException or FormatException or TimeoutException or System.Net.Sockets.SocketException or PostgresStoreException;

    /// <summary>For a person; never with a password.</summary>
    public static HeadStoreException Describe(string database, Exception failure) => new(
        database,
        failure switch
        {
            PostgresStoreException { InnerException: null } schema => schema.Message,
            FormatException damage => $"The head database is damaged: {damage.Message}",
            PostgresException { SqlState: "53100" } => "No space is left for the head database",
            PostgresException { SqlState: "28P01" or "28000" } => "The server of the head database refuses this user",
            PostgresException { SqlState: "3D000" } => "There is no such database on the server",
            PostgresException server when PostgresRetries.IsTransient(failure) => $"The server of the head database kept failing: {server.MessageText}",
            PostgresException server => $"PostgreSQL error {server.SqlState}: {server.MessageText}",
            _ => $"The server of the head database cannot be reached: {failure.Message}",
        },
        failure);
}
