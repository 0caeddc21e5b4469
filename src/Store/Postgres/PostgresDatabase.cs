using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Actors.Store.Postgres;

/// <summary>
/// The shared store's PostgreSQL database: pooled connections to one schema, its name for people, and the retries. Parts of one process
/// that name the same database share the pool: a server has some hundreds of connections, and a cluster many processes. Several hosts in the connection string
/// (<c>Host=a,b;Target Session Attributes=primary</c>) are tried for the primary.
/// </summary>
internal sealed partial class PostgresDatabase : IAsyncDisposable
{
    /// <summary>Where all tables are, unless the connection string's search path names another schema.</summary>
    public const string DefaultSchema = "actors";

    private static readonly Lock Gate = new();

    /// <summary>Pools that are in use, by connection string, and by how many.</summary>
    private static readonly Dictionary<string, (NpgsqlDataSource Source, int Users)> Pools = new(StringComparer.Ordinal);

    private readonly string _pool;
    private bool _disposed;

    private PostgresDatabase(string pool, NpgsqlDataSource source, TimeProvider clock, Random random)
    {
        _pool = pool;
        Source = source;
        Name = NameOf(source);
        // The other connections of the pool are as dead as the one that failed.
        Retries = new PostgresRetries(clock, random, failure =>
        {
            if (PostgresRetries.IsConnectionLost(failure))
            {
                source.Clear();
            }
        });
    }

    /// <summary>Connections whose search path is the schema.</summary>
    public NpgsqlDataSource Source { get; }

    public PostgresRetries Retries { get; }

    /// <summary>Host, port, database and schema; nothing secret.</summary>
    public string Name { get; }

    /// <summary>Prepares connections; connects to nothing yet.</summary>
    /// <param name="connectionString">As Npgsql takes it; <c>Search Path</c> names the schema, else <see cref="DefaultSchema"/>.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Spreads them.</param>
    /// <exception cref="ArgumentException">The connection string is none. The message does not repeat it: it may hold a password.</exception>
    public static PostgresDatabase Open(string connectionString, TimeProvider clock, Random random)
    {
        NpgsqlConnectionStringBuilder settings = Parse(connectionString);
        settings.SearchPath ??= DefaultSchema;
        settings.ApplicationName ??= "actors";
        // Settings of a session are made once, when its connection is; nothing of ours changes them.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = settings.MaxAutoPrepare == 0 ? Limits.PostgresStatementsPreparedMax : settings.MaxAutoPrepare;
        settings.AutoPrepareMinUsages = 2;
        settings.IncludeErrorDetail = false;
        CheckSchema(settings.SearchPath);
        return new PostgresDatabase(settings.ConnectionString, Use(settings.ConnectionString), clock, random);
    }

    /// <summary>Looks whether a text is a connection string that <see cref="Open"/> takes.</summary>
    /// <exception cref="ArgumentException">It is none. The message does not repeat it: it may hold a password.</exception>
    public static void Check(string connectionString) => CheckSchema(Parse(connectionString).SearchPath ?? DefaultSchema);

    /// <summary>Host, port, database and schema of a source; nothing secret.</summary>
    public static string NameOf(NpgsqlDataSource source)
    {
        NpgsqlConnectionStringBuilder settings = new(source.ConnectionString);
        return string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}, schema {SchemaOf(source)}");
    }

    /// <summary>The schema that a source's connections use.</summary>
    /// <exception cref="ArgumentException">A search path that is not one plain name.</exception>
    public static string SchemaOf(NpgsqlDataSource source)
    {
        string schema = new NpgsqlConnectionStringBuilder(source.ConnectionString).SearchPath ?? DefaultSchema;
        CheckSchema(schema);
        return schema;
    }

    /// <summary>Gives the pool up; the last one closes its connections.</summary>
    public ValueTask DisposeAsync()
    {
        lock (Gate)
        {
            if (_disposed)
            {
                return ValueTask.CompletedTask;
            }

            _disposed = true;
            (NpgsqlDataSource source, int users) = Pools[_pool];
            if (users > 1)
            {
                Pools[_pool] = (source, users - 1);
                return ValueTask.CompletedTask;
            }

            Pools.Remove(_pool);
        }

        return Source.DisposeAsync();
    }

    private static NpgsqlDataSource Use(string pool)
    {
        lock (Gate)
        {
            (NpgsqlDataSource source, int users) = Pools.TryGetValue(pool, out (NpgsqlDataSource Source, int Users) known) ? known : (Build(pool), 0);
            Pools[pool] = (source, users + 1);
            return source;
        }
    }

    private static NpgsqlDataSource Build(string connectionString)
    {
        NpgsqlDataSourceBuilder builder = new(connectionString);
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using NpgsqlCommand command = new(SessionSettings, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                using NpgsqlCommand command = new(SessionSettings, connection);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            });
        return builder.Build();
    }

    /// <summary>
    /// All our statements look rows up by key: a plan that reads whole tables, or hashes them, was made when they were small
    /// and is wrong soon after. A client that went away in a transaction must not hold its locks for long.
    /// </summary>
    private static string SessionSettings { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"SET enable_seqscan=off; SET enable_hashjoin=off; SET enable_mergejoin=off; SET jit=off; SET idle_in_transaction_session_timeout={Limits.PostgresIdleTransactionMilliseconds}");

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Not as the inner exception either: it may quote a part of the text.
            throw new ArgumentException("This is not a connection string to PostgreSQL (Host=…;Database=…;Username=…).", nameof(connectionString));
        }
    }

    private static void CheckSchema(string schema)
    {
        if (!SchemaName().IsMatch(schema))
        {
            throw new ArgumentException($"The search path names one schema of lower-case letters, digits and underscores, not '{schema}'.");
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();
}
