using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Store.Listings;

/// <summary>
/// Listings in a shared store's PostgreSQL database (<c>Postgres/Scripts/0008-listings.sql</c>). Any number of processes read and write; each call is one
/// statement, and harmless to repeat: so it is, where a connection was lost.
/// </summary>
public sealed class PostgresListingStore : IListingStore
{
    private const string FindSql =
        """
        SELECT k.place::int, r.parent, r.size_bytes, r.updated_at, r.listed_at FROM unnest($1) WITH ORDINALITY AS k (url, place)
        JOIN listed_repository r ON r.url = k.url
        """;

    private const string SaveSql =
        """
        INSERT INTO listed_repository AS r (url, parent, size_bytes, updated_at, listed_at) SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (url) DO UPDATE SET parent = coalesce(excluded.parent, r.parent), size_bytes = coalesce(excluded.size_bytes, r.size_bytes),
            updated_at = coalesce(excluded.updated_at, r.updated_at), listed_at = excluded.listed_at
        """;

    private const string FindStateSql = "SELECT place, repositories, started_at, ended_at FROM listing WHERE source = $1";

    private const string SaveStateSql =
        """
        INSERT INTO listing (source, place, repositories, started_at, ended_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (source) DO UPDATE SET place = excluded.place, repositories = excluded.repositories, started_at = excluded.started_at, ended_at = excluded.ended_at
        """;

    private readonly PostgresPart _part;

    private PostgresListingStore(PostgresPart part) => _part = part;

    /// <summary>Opens the database, and brings its schema up to date first.</summary>
    /// <param name="connectionString">As <see cref="PostgresHeadStore.OpenAsync(string, TimeProvider, Random, CancellationToken)"/> takes it.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Spreads them.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="PostgresStoreException">Unreachable, of a newer version, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static async Task<PostgresListingStore> OpenAsync(string connectionString, TimeProvider clock, Random random, CancellationToken cancellationToken) =>
        new(await PostgresPart.OpenAsync("the listings", connectionString, clock, random, cancellationToken).ConfigureAwait(false));

    public async ValueTask<IReadOnlyList<ListedRepository?>> FindListedAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        var found = new ListedRepository?[urls.Count];
        List<(int Place, ListedRepository Listed)> rows = await _part.QueryAsync(
            FindSql,
            [Parameter(urls.Select(url => url.ToString()).ToArray(), NpgsqlDbType.Text)],
            row => (row.GetInt32(0) - 1, new ListedRepository
            {
                Url = urls[row.GetInt32(0) - 1],
                Parent = row.IsDBNull(1) ? null : RepositoryUrl.Parse(row.GetString(1)),
                SizeBytes = Number(row, 2),
                UpdatedAt = HeadTime.FromNumber(Number(row, 3)),
                ListedAt = HeadTime.FromNumber(row.GetInt64(4)),
            }),
            cancellationToken).ConfigureAwait(false);
        foreach ((int place, ListedRepository listed) in rows)
        {
            found[place] = listed;
        }

        return found;
    }

    public async ValueTask SaveListedAsync(IReadOnlyList<ListedRepository> repositories, CancellationToken cancellationToken)
    {
        // Every process writes in the same order: what two of them write at once one waits for, and neither for the other.
        ListedRepository[] sorted = [.. ListedRepository.Merge(repositories).Values.OrderBy(one => one.Url.ToString(), StringComparer.Ordinal)];
        foreach (ListedRepository[] some in sorted.Chunk(Limits.PostgresExtIdsTogetherMax))
        {
            await _part.ExecuteAsync(
                SaveSql,
                [
                    Parameter(some.Select(one => one.Url.ToString()).ToArray(), NpgsqlDbType.Text),
                    Parameter(some.Select(one => one.Parent?.ToString()).ToArray(), NpgsqlDbType.Text),
                    Parameter(some.Select(one => one.SizeBytes).ToArray(), NpgsqlDbType.Bigint),
                    Parameter(some.Select(one => HeadTime.ToNumber(one.UpdatedAt)).ToArray(), NpgsqlDbType.Bigint),
                    Parameter(some.Select(one => HeadTime.ToNumber(one.ListedAt)).ToArray(), NpgsqlDbType.Bigint),
                ],
                cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<ListingState?> FindListingAsync(string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<ListingState> found = await _part.QueryAsync(
            FindStateSql,
            [source],
            row => new ListingState
            {
                Source = source,
                Cursor = row.IsDBNull(0) ? null : row.GetString(0),
                Repositories = row.GetInt64(1),
                StartedAt = HeadTime.FromNumber(row.GetInt64(2)),
                EndedAt = HeadTime.FromNumber(Number(row, 3)),
            },
            cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    public async ValueTask SaveListingAsync(ListingState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        await _part.ExecuteAsync(
            SaveStateSql,
            [
                state.Source,
                new NpgsqlParameter { Value = (object?)state.Cursor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                state.Repositories,
                HeadTime.ToNumber(state.StartedAt),
                new NpgsqlParameter { Value = (object?)HeadTime.ToNumber(state.EndedAt) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            ],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _part.DisposeAsync();

    private static NpgsqlParameter Parameter(object array, NpgsqlDbType type) => new() { Value = array, NpgsqlDbType = NpgsqlDbType.Array | type };

    private static long? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
