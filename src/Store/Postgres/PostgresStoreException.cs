namespace Actors.Store.Postgres;

/// <summary>A PostgreSQL database that cannot be used: unreachable for too long, of a newer version, changed by hand, or full. For a person; never with a password.</summary>
public sealed class PostgresStoreException : IOException
{
    /// <param name="database">Host, port, database and schema, as <see cref="PostgresDatabase"/> says them.</param>
    /// <param name="message">What is wrong, as a sentence without the database's name.</param>
    /// <param name="innerException">What showed it, if another exception did.</param>
    public PostgresStoreException(string database, string message, Exception? innerException = null)
        : base($"{message} (database '{database}')", innerException) => Database = database;

    /// <summary>Host, port, database and schema.</summary>
    public string Database { get; }
}
