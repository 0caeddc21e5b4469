using static SQLitePCL.raw;

namespace Actors.Store.Heads.Sqlite;

/// <summary>One connection to a head database, for one thread at a time. Its statements live as long as it.</summary>
internal sealed class HeadConnection : IDisposable
{
    /// <summary>A person who runs two commands at once should see both succeed; longer than this, something holds the database.</summary>
    private const int BusyMillisecondsMax = 10_000;

    private readonly SQLitePCL.sqlite3 _handle;
    private readonly List<Statement> _statements = [];

    static HeadConnection() => SQLitePCL.Batteries_V2.Init();

    private HeadConnection(string path, SQLitePCL.sqlite3 handle) => (Path, _handle) = (path, handle);

    public string Path { get; }

    /// <summary>Row id of the last insert.</summary>
    public long LastId => sqlite3_last_insert_rowid(_handle);

    public bool InTransaction => sqlite3_get_autocommit(_handle) == 0;

    /// <summary>A connection that may write, and makes the file when it is missing. Changes nothing yet.</summary>
    public static HeadConnection OpenWriter(string path) =>
        Open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, cacheKibibytes: 32 * 1024);

    /// <summary>Opens a small database beside the heads for writing; makes it where it is missing. A power loss may take its last commits back.</summary>
    /// <param name="path">The file. Its folder exists.</param>
    /// <param name="applicationId">Tells it from other SQLite files.</param>
    /// <param name="what">What it holds, for errors: "listings".</param>
    /// <param name="tables">What is made in it.</param>
    /// <param name="make">Takes the connection over.</param>
    /// <exception cref="HeadStoreException">Damaged, another program's, or held by another process for long.</exception>
    public static T OpenOwn<T>(string path, int applicationId, string what, string tables, Func<HeadConnection, T> make)
    {
        HeadConnection connection = OpenWriter(path);
        try
        {
            long application = connection.Number("PRAGMA application_id");
            if (application != applicationId && (application != 0 || connection.Number("SELECT count(*) FROM sqlite_master") > 0))
            {
                throw new HeadStoreException(path, $"The file is not a database of {what}");
            }

            connection.Execute($"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA application_id={applicationId}; {tables}");
            return make(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads.</summary>
    public static HeadConnection OpenReader(string path)
    {
        HeadConnection connection = Open(path, SQLITE_OPEN_READWRITE, cacheKibibytes: 8 * 1024);
        try
        {
            connection.Execute("PRAGMA query_only=1");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection to a database of another program: nothing of it is written.</summary>
    public static HeadConnection OpenForeign(string path) => Open(path, SQLITE_OPEN_READONLY, cacheKibibytes: 8 * 1024);

    /// <summary>
    /// Write-ahead log: readers and the writer do not wait for each other. Each commit is on disk before it is done (FULL).
    /// A checkpoint every 16 MiB of log costs little and keeps the log, and with it a reader's search in it, short.
    /// </summary>
    public void UseLog() =>
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864");

    public Statement Prepare(string sql)
    {
        int result = sqlite3_prepare_v3(_handle, sql, SQLITE_PREPARE_PERSISTENT, out SQLitePCL.sqlite3_stmt handle);
        Check(result);
        Statement statement = new(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs statements that give nothing back.</summary>
    public void Execute(string sql) => Check(sqlite3_exec(_handle, sql));

    /// <summary>One number that a query gives.</summary>
    public long Number(string sql)
    {
        using Statement statement = new(this, PrepareOnce(sql));
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>Ends whatever statement an exception left half way.</summary>
    public void ResetAll()
    {
        foreach (Statement statement in _statements)
        {
            statement.Reset();
        }
    }

    public void Rollback()
    {
        ResetAll();
        if (InTransaction)
        {
            Execute("ROLLBACK");
        }
    }

    public void Check(int result)
    {
        if (result is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
        {
            throw Failure(Path, result, sqlite3_errmsg(_handle).utf8_to_string());
        }
    }

    /// <summary>What to throw when a row holds what is never written.</summary>
    public HeadStoreException Damaged(Exception cause) => new(Path, $"The head database is damaged: {cause.Message}", cause);

    public void Dispose()
    {
        foreach (Statement statement in _statements)
        {
            statement.Dispose();
        }

        _handle.Dispose();
    }

    private static HeadConnection Open(string path, int flags, int cacheKibibytes)
    {
        int result = sqlite3_open_v2(path, out SQLitePCL.sqlite3 handle, flags | SQLITE_OPEN_NOMUTEX, null);
        if (result != SQLITE_OK)
        {
            string why = handle is null || handle.IsInvalid ? "" : sqlite3_errmsg(handle).utf8_to_string();
            handle?.Dispose();
            throw Failure(path, result, why);
        }

        HeadConnection connection = new(path, handle);
        _ = sqlite3_busy_timeout(handle, BusyMillisecondsMax);
        // Not memory-mapped: measured no faster, and resident memory stays the same however large the file is.
        connection.Execute($"PRAGMA cache_size=-{cacheKibibytes}; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY");
        return connection;
    }

    private static HeadStoreException Failure(string path, int result, string why) => new(path, (result & 0xff) switch
    {
        SQLITE_BUSY or SQLITE_LOCKED => "Another process is writing to the head database",
        SQLITE_NOTADB => "The file is not a head database",
        SQLITE_CORRUPT => $"The head database is damaged: {why}",
        SQLITE_FULL => "No space is left for the head database",
        SQLITE_READONLY => "The head database cannot be written",
        SQLITE_CANTOPEN => "The head database cannot be opened",
        _ => $"SQLite error {result}: {why}",
    });

    private SQLitePCL.sqlite3_stmt PrepareOnce(string sql)
    {
        Check(sqlite3_prepare_v2(_handle, sql, out SQLitePCL.sqlite3_stmt handle));
        return handle;
    }
}
