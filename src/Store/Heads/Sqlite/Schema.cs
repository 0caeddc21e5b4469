namespace Actors.Store.Heads.Sqlite;

/// <summary>
/// The tables, version by version: script <c>n</c> leads from version <c>n</c> to <c>n + 1</c>. A script that was released
/// is never changed; tables and columns are only added.
/// </summary>
internal static class Schema
{
    /// <summary>"ActH": tells a head database from other SQLite files.</summary>
    private const int ApplicationId = 0x41637448;

    /// <summary>All scripts, in order.</summary>
    public static IReadOnlyList<string> Scripts { get; } = [Version1, Version2, Version3];

    private const string Version1 = """
        -- Rows are in order of first appearance: lists that are visited again in the same order read and write it from front to back.
        CREATE TABLE repository (
            number INTEGER PRIMARY KEY,
            url TEXT NOT NULL,
            visits INTEGER NOT NULL,            -- also the number of the last visit
            last_visit INTEGER,                 -- visit.place
            visited_at INTEGER,                 -- all times: milliseconds since 1970, UTC
            outcome INTEGER NOT NULL,           -- 0: never visited
            campaign INTEGER NOT NULL,
            succeeded_at INTEGER,
            failures INTEGER NOT NULL,
            retry_at INTEGER,
            snapshot INTEGER,                   -- snapshot.number
            snapshot_id BLOB,                   -- its id, so that a look-up needs no second table
            digest BLOB,
            clone_bytes INTEGER,
            moved_to TEXT);
        -- First eight bytes of SHA-256 of the URL, big-endian: an index of 13 to 20 bytes an entry; the row verifies.
        CREATE TABLE repository_url (
            hash INTEGER NOT NULL,
            repository INTEGER NOT NULL,
            PRIMARY KEY (hash, repository)) WITHOUT ROWID;
        -- A log: visits are appended in the order in which they end, each with the place of the same repository's visit before.
        CREATE TABLE visit (
            place INTEGER PRIMARY KEY,
            repository INTEGER NOT NULL,
            number INTEGER NOT NULL,
            before INTEGER,
            started_at INTEGER NOT NULL,
            elapsed_ms INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            campaign INTEGER NOT NULL,
            snapshot INTEGER,
            bytes_received INTEGER NOT NULL);
        -- What most visits do not have.
        CREATE TABLE visit_more (
            visit INTEGER PRIMARY KEY,
            objects INTEGER NOT NULL,
            clone_bytes INTEGER,
            retry_at INTEGER,
            moved_to TEXT,
            error TEXT);
        CREATE TABLE snapshot (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL,
            base INTEGER,                       -- snapshot.number that the body is a delta to
            depth INTEGER NOT NULL,             -- deltas to the next whole one
            size INTEGER NOT NULL,              -- bytes of the body before compression
            compressed INTEGER NOT NULL,        -- 1: zlib
            body BLOB NOT NULL);
        -- First eight bytes of the id; the row verifies.
        CREATE TABLE snapshot_id (
            prefix INTEGER NOT NULL,
            snapshot INTEGER NOT NULL,
            PRIMARY KEY (prefix, snapshot)) WITHOUT ROWID;
        -- Repositories by the outcome of their last visit, kept with every batch: counting them would read everything.
        CREATE TABLE outcome_count (
            outcome INTEGER PRIMARY KEY,
            repositories INTEGER NOT NULL);
        CREATE TABLE imported (
            repository INTEGER PRIMARY KEY,
            oids BLOB NOT NULL);
        CREATE TABLE forge_host (
            host TEXT PRIMARY KEY,
            profile TEXT,
            silent_until INTEGER,
            throttling TEXT) WITHOUT ROWID;
        CREATE TABLE campaign (
            number INTEGER PRIMARY KEY,
            key TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            lines_done INTEGER NOT NULL,
            outcomes TEXT NOT NULL,             -- counts, comma-separated, in order of the outcomes' numbers from 0
            ended_at INTEGER);
        """;

    private const string Version2 = """
        ALTER TABLE repository ADD COLUMN evidence TEXT; -- RepositoryEvidence.ToText
        """;

    private const string Version3 = """
        -- When repositories are visited next: some 45 bytes a row, and 15 in the index.
        CREATE TABLE schedule (
            repository INTEGER PRIMARY KEY,
            queue INTEGER NOT NULL,
            due_at INTEGER NOT NULL,            -- of a visit that was taken: when it counts as lost
            observed_at INTEGER,
            told_at INTEGER,
            listed_at INTEGER,
            shape INTEGER NOT NULL,             -- bits of a float of four bytes, like the next
            exposure_days INTEGER NOT NULL);
        CREATE INDEX schedule_due ON schedule (queue, due_at);
        """;

    /// <summary>Brings the database to the newest of <paramref name="scripts"/>, all or nothing.</summary>
    /// <exception cref="HeadStoreException">It is of a newer version, or another kind of database.</exception>
    public static void Upgrade(HeadConnection connection, IReadOnlyList<string> scripts)
    {
        if (IsCurrent(connection, scripts))
        {
            return;
        }

        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            // Again under the lock: another process may have been first.
            if (!IsCurrent(connection, scripts))
            {
                for (int version = (int)connection.Number("PRAGMA user_version"); version < scripts.Count; version++)
                {
                    connection.Execute(scripts[version]);
                }

                connection.Execute($"PRAGMA application_id={ApplicationId}; PRAGMA user_version={scripts.Count}");
            }

            connection.Execute("COMMIT");
        }
        catch
        {
            connection.Rollback();
            throw;
        }
    }

    /// <summary>False when scripts are missing.</summary>
    /// <exception cref="HeadStoreException">It is of a newer version, or another kind of database.</exception>
    public static bool IsCurrent(HeadConnection connection, IReadOnlyList<string> scripts)
    {
        long version = connection.Number("PRAGMA user_version");
        bool ours = connection.Number("PRAGMA application_id") == ApplicationId;
        if (!ours && (version != 0 || connection.Number("SELECT count(*) FROM sqlite_master") != 0))
        {
            throw new HeadStoreException(connection.Path, "The file is a SQLite database of some other program");
        }

        if (version > scripts.Count)
        {
            throw new HeadStoreException(connection.Path, $"The head database has version {version}; this program knows versions up to {scripts.Count}: use a newer one");
        }

        return ours && version == scripts.Count;
    }
}
