using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Heads.Sqlite;

namespace Actors.Store.Listings;

/// <summary>Listings in one SQLite file beside the head database, so that a listing may run while a sync holds the store: several processes write in turn.</summary>
public sealed class SqliteListingStore : IListingStore
{
    /// <summary>"ActL": tells it from other SQLite files.</summary>
    private const int ApplicationId = 0x4163744c;

    private const string Tables =
        """
        CREATE TABLE IF NOT EXISTS repository (
            url TEXT NOT NULL PRIMARY KEY,
            parent TEXT,
            size_bytes INTEGER,
            updated_at INTEGER,
            listed_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS listing (
            source TEXT NOT NULL PRIMARY KEY,
            place TEXT,
            repositories INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER) WITHOUT ROWID;
        """;

    private readonly Lock _lock = new();
    private readonly HeadConnection _connection;
    private readonly Statement _find;
    private readonly Statement _save;
    private readonly Statement _findState;
    private readonly Statement _saveState;

    private SqliteListingStore(HeadConnection connection)
    {
        _connection = connection;
        _find = connection.Prepare("SELECT parent, size_bytes, updated_at, listed_at FROM repository WHERE url = ?1");
        _save = connection.Prepare(
            """
            INSERT INTO repository (url, parent, size_bytes, updated_at, listed_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (url) DO UPDATE SET parent = coalesce(?2, parent), size_bytes = coalesce(?3, size_bytes), updated_at = coalesce(?4, updated_at), listed_at = ?5
            """);
        _findState = connection.Prepare("SELECT place, repositories, started_at, ended_at FROM listing WHERE source = ?1");
        _saveState = connection.Prepare("INSERT OR REPLACE INTO listing (source, place, repositories, started_at, ended_at) VALUES (?1, ?2, ?3, ?4, ?5)");
    }

    /// <summary>Opens the file; makes it where it is missing.</summary>
    /// <param name="path">The file. Its folder exists.</param>
    /// <exception cref="HeadStoreException">Damaged, another program's, or held by another process for long.</exception>
    public static SqliteListingStore Open(string path) =>
        HeadConnection.OpenOwn(path, ApplicationId, "listings", Tables, static connection => new SqliteListingStore(connection));

    public ValueTask<IReadOnlyList<ListedRepository?>> FindListedAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return new([.. urls.Select(Find)]);
        }
    }

    public ValueTask SaveListedAsync(IReadOnlyList<ListedRepository> repositories, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _connection.Execute("BEGIN IMMEDIATE");
            try
            {
                foreach (ListedRepository one in ListedRepository.Merge(repositories).Values)
                {
                    _save.Bind(1, one.Url.ToString()).Bind(2, one.Parent?.ToString()).Bind(3, one.SizeBytes)
                        .Bind(4, HeadTime.ToNumber(one.UpdatedAt)).Bind(5, HeadTime.ToNumber(one.ListedAt)).Run();
                }

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

    public ValueTask<ListingState?> FindListingAsync(string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        lock (_lock)
        {
            ListingState? state = null;
            if (_findState.Bind(1, source).Step())
            {
                state = new ListingState
                {
                    Source = source,
                    Cursor = _findState.Text(0),
                    Repositories = _findState.Number(1),
                    StartedAt = HeadTime.FromNumber(_findState.Number(2)),
                    EndedAt = HeadTime.FromNumber(_findState.NumberOrNull(3)),
                };
            }

            _findState.Reset();
            return new(state);
        }
    }

    public ValueTask SaveListingAsync(ListingState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_lock)
        {
            _saveState.Bind(1, state.Source).Bind(2, state.Cursor).Bind(3, state.Repositories)
                .Bind(4, HeadTime.ToNumber(state.StartedAt)).Bind(5, HeadTime.ToNumber(state.EndedAt)).Run();
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

    private ListedRepository? Find(RepositoryUrl url)
    {
        ListedRepository? found = null;
        if (_find.Bind(1, url.ToString()).Step())
        {
            found = new ListedRepository
            {
                Url = url,
                Parent = _find.Text(0) is { } parent ? RepositoryUrl.Parse(parent) : null,
                SizeBytes = _find.NumberOrNull(1),
                UpdatedAt = HeadTime.FromNumber(_find.NumberOrNull(2)),
                ListedAt = HeadTime.FromNumber(_find.Number(3)),
            };
        }

        _find.Reset();
        return found;
    }
}
