using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Heads.Sqlite;

namespace Actors.Store.ExtIds;

/// <summary>
/// External ids in one SQLite file beside the head database. One process writes, any number read. Each batch is one
/// transaction; a power loss may take the last ones back, which costs downloads and nothing else.
/// </summary>
public sealed class SqliteExtIdStore : IExtIdStore
{
    /// <summary>"ActX": tells it from other SQLite files.</summary>
    private const int ApplicationId = 0x41637458;

    private const string Tables =
        """
        CREATE TABLE IF NOT EXISTS extid (
            value BLOB NOT NULL,
            type TEXT NOT NULL,
            version INTEGER NOT NULL,
            target BLOB NOT NULL,               -- empty: nothing can be made of it
            kind INTEGER NOT NULL,              -- git's object types; 0 for no target
            PRIMARY KEY (value, type, version, target)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS extid_target ON extid (target) WHERE kind > 0;
        CREATE TABLE IF NOT EXISTS content (
            sha1 BLOB NOT NULL,
            oid BLOB NOT NULL,
            sha256 BLOB NOT NULL,
            length INTEGER NOT NULL,
            PRIMARY KEY (sha1, oid)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS content_sha256 ON content (sha256);
        CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, digest BLOB NOT NULL, validator TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly Lock _lock = new();
    private readonly HeadConnection _connection;
    private readonly bool _writes;
    private readonly Statement _byId;
    private readonly Statement _byTarget;
    private readonly Statement _bySha1;
    private readonly Statement _bySha256;
    private Statement? _add;
    private Statement? _replace;
    private Statement? _content;
    private Statement? _byKey;
    private Statement? _answer;

    private SqliteExtIdStore(HeadConnection connection, bool writes)
    {
        (_connection, _writes) = (connection, writes);
        _byId = connection.Prepare("SELECT target, kind FROM extid WHERE value = ?1 AND type = ?2 AND version = ?3 ORDER BY target");
        _byTarget = connection.Prepare("SELECT type, version, value, kind FROM extid WHERE target = ?1 AND kind > 0 ORDER BY type, version, value");
        _bySha1 = connection.Prepare("SELECT oid, sha1, sha256, length FROM content WHERE sha1 = ?1 ORDER BY oid LIMIT 1");
        _bySha256 = connection.Prepare("SELECT oid, sha1, sha256, length FROM content WHERE sha256 = ?1 ORDER BY oid LIMIT 1");
    }

    /// <summary>Opens the file for reading and writing; makes it where it is missing.</summary>
    /// <param name="path">The file. Its folder exists.</param>
    /// <exception cref="Heads.HeadStoreException">Damaged, another program's, or held by another process.</exception>
    public static SqliteExtIdStore Open(string path) =>
        HeadConnection.OpenOwn(path, ApplicationId, "external ids", Tables, static connection => new SqliteExtIdStore(connection, writes: true));

    /// <summary>Opens a file that exists for reading only, while another process may write.</summary>
    /// <exception cref="Heads.HeadStoreException">Missing, damaged, or another program's.</exception>
    public static SqliteExtIdStore OpenForReading(string path)
    {
        HeadConnection connection = HeadConnection.OpenReader(path);
        try
        {
            return connection.Number("PRAGMA application_id") == ApplicationId
                ? new SqliteExtIdStore(connection, writes: false)
                : throw new Heads.HeadStoreException(path, "The file is not a database of external ids");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<ExtIdLink>>> FindAsync(IReadOnlyList<ExtId> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            List<IReadOnlyList<ExtIdLink>> found = new(ids.Count);
            foreach (ExtId id in ids)
            {
                found.Add(Find(id));
            }

            return new(found);
        }
    }

    public ValueTask<IReadOnlyList<ExtIdLink>> FindByTargetAsync(Oid target, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            List<ExtIdLink> links = [];
            _ = _byTarget.Bind(1, Bytes(target));
            while (_byTarget.Step())
            {
                ExtId id = new(_byTarget.Text(0)!, (int)_byTarget.Number(1), Convert.ToHexStringLower(_byTarget.Bytes(2)));
                links.Add(new ExtIdLink(id, target, (ObjectType)_byTarget.Number(3)));
            }

            _byTarget.Reset();
            return new(links);
        }
    }

    public ValueTask<ContentName?> FindContentAsync(string digest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(digest);
        lock (_lock)
        {
            Statement statement = digest.Length == 2 * 20 ? _bySha1 : _bySha256;
            ContentName? found = null;
            if (statement.Bind(1, Convert.FromHexString(digest)).Step())
            {
                found = new ContentName(
                    Oid.FromBytes(statement.Bytes(0)), Convert.ToHexStringLower(statement.Bytes(1)), Convert.ToHexStringLower(statement.Bytes(2)), statement.Number(3));
            }

            statement.Reset();
            return new(found);
        }
    }

    public ValueTask RecordAsync(IReadOnlyList<ExtIdLink> links, IReadOnlyList<ContentName> contents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(contents);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (ExtIdLink link in links)
        {
            link.Check();
        }

        lock (_lock)
        {
            if (!_writes)
            {
                throw new InvalidOperationException("The database of external ids was opened for reading.");
            }

            _connection.Execute("BEGIN IMMEDIATE");
            try
            {
                Write(links, contents);
                _connection.Execute("COMMIT");
            }
            catch
            {
                _connection.Rollback();
                throw;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<AnswerMark?> FindAnswerAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Statement byKey = _byKey ??= _connection.Prepare("SELECT digest, validator FROM answer WHERE key = ?1");
            AnswerMark? found = null;
            if (byKey.Bind(1, key).Step())
            {
                found = new AnswerMark(key, AdvertisementDigest.Parse(Convert.ToHexStringLower(byKey.Bytes(0))), byKey.Text(1)!);
            }

            byKey.Reset();
            return new(found);
        }
    }

    public ValueTask RecordAnswerAsync(AnswerMark answer, CancellationToken cancellationToken)
    {
        answer.Check();
        lock (_lock)
        {
            Statement insert = _answer ??= _connection.Prepare("INSERT OR REPLACE INTO answer (key, digest, validator) VALUES (?1, ?2, ?3)");
            insert.Bind(1, answer.Key).Bind(2, Convert.FromHexString(answer.Digest.ToString())).Bind(3, answer.Validator).Run();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private List<ExtIdLink> Find(ExtId id)
    {
        List<ExtIdLink> links = [];
        _ = _byId.Bind(1, Convert.FromHexString(id.Value)).Bind(2, id.Type).Bind(3, id.Version);
        while (_byId.Step())
        {
            ReadOnlySpan<byte> target = _byId.Bytes(0);
            links.Add(new ExtIdLink(id, target.IsEmpty ? Oid.Zero : Oid.FromBytes(target), (ObjectType)_byId.Number(1)));
        }

        _byId.Reset();
        return links;
    }

    private void Write(IReadOnlyList<ExtIdLink> links, IReadOnlyList<ContentName> contents)
    {
        Statement add = _add ??= _connection.Prepare("INSERT OR IGNORE INTO extid (value, type, version, target, kind) VALUES (?1, ?2, ?3, ?4, ?5)");
        Statement replace = _replace ??= _connection.Prepare("DELETE FROM extid WHERE value = ?1 AND type = ?2 AND version = ?3 AND kind = 0");
        Statement content = _content ??= _connection.Prepare("INSERT OR IGNORE INTO content (sha1, oid, sha256, length) VALUES (?1, ?2, ?3, ?4)");
        foreach (ExtIdLink link in links)
        {
            byte[] value = Convert.FromHexString(link.Id.Value);
            if (link.IsNegative && Find(link.Id).Count > 0)
            {
                continue;
            }

            replace.Bind(1, value).Bind(2, link.Id.Type).Bind(3, link.Id.Version).Run();
            add.Bind(1, value).Bind(2, link.Id.Type).Bind(3, link.Id.Version).Bind(4, link.IsNegative ? [] : Bytes(link.Target)).Bind(5, (long)link.Type).Run();
        }

        foreach (ContentName name in contents)
        {
            content.Bind(1, Convert.FromHexString(name.Sha1)).Bind(2, Bytes(name.Oid)).Bind(3, Convert.FromHexString(name.Sha256)).Bind(4, name.Length).Run();
        }
    }

    private static byte[] Bytes(Oid oid)
    {
        byte[] bytes = new byte[Oid.Length];
        oid.CopyTo(bytes);
        return bytes;
    }
}
