using System.Net.Sockets;
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

    private readonly PostgresDatabase _database;

    private PostgresListingStore(PostgresDatabase database) => _database = database;

    /// <summary>Opens the database, and brings its schema up to date first.</summary>
    /// <param name="connectionString">As <see cref="PostgresHeadStore.OpenAsync(string, TimeProvider, Random, CancellationToken)"/> takes it.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Spreads them.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="PostgresStoreException">Unreachable, of a newer version, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static async Task<PostgresListingStore> OpenAsync(string connectionString, TimeProvider clock, Random random, CancellationToken cancellationToken)
    {
        PostgresDatabase database = PostgresDatabase.Open(connectionString, clock, random);
        try
        {
            await PostgresSchema.ApplyAsync(database.Source, cancellationToken).ConfigureAwait(false);
            return new PostgresListingStore(database);
        }
        catch (Exception e)
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw IsOfDatabase(e) ? Describe(database.Name, e) : e;
        }
    }

    public async ValueTask<IReadOnlyList<ListedRepository?>> FindListedAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        var found = new ListedRepository?[urls.Count];
        List<(int Place, ListedRepository Listed)> rows = await RunAsync(
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
            _ = await RunAsync(
                SaveSql,
                [
                    Parameter(some.Select(one => one.Url.ToString()).ToArray(), NpgsqlDbType.Text),
                    Parameter(some.Select(one => one.Parent?.ToString()).ToArray(), NpgsqlDbType.Text),
                    Parameter(some.Select(one => one.SizeBytes).ToArray(), NpgsqlDbType.Bigint),
                    Parameter(some.Select(one => HeadTime.ToNumber(one.UpdatedAt)).ToArray(), NpgsqlDbType.Bigint),
                    Parameter(some.Select(one => HeadTime.ToNumber(one.ListedAt)).ToArray(), NpgsqlDbType.Bigint),
                ],
                static _ => 0,
                cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<ListingState?> FindListingAsync(string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<ListingState> found = await RunAsync(
            FindStateSql,
            [new NpgsqlParameter { Value = source }],
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
        _ = await RunAsync(
            SaveStateSql,
            [
                new NpgsqlParameter { Value = state.Source },
                new NpgsqlParameter { Value = (object?)state.Cursor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter { Value = state.Repositories },
                new NpgsqlParameter { Value = HeadTime.ToNumber(state.StartedAt) },
                new NpgsqlParameter { Value = (object?)HeadTime.ToNumber(state.EndedAt) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            ],
            static _ => 0,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<List<T>> RunAsync<T>(string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await _database.Retries.RunAsync(async stop => await OnceAsync(sql, parameters, read, stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            throw Describe(_database.Name, e);
        }
    }

    private async Task<List<T>> OnceAsync<T>(string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlCommand command = new(sql, connection);
            await using (command.ConfigureAwait(false))
            {
                foreach (NpgsqlParameter parameter in parameters)
                {
                    _ = command.Parameters.Add(parameter.Clone());
                }

                NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    List<T> rows = [];
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        rows.Add(read(reader));
                    }

                    return rows;
                }
            }
        }
    }

    private static NpgsqlParameter Parameter(object array, NpgsqlDbType type) => new() { Value = array, NpgsqlDbType = NpgsqlDbType.Array | type };

    private static long? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static bool IsOfDatabase(Exception failure) => failure is NpgsqlException or SocketException or TimeoutException;

    private static PostgresStoreException Describe(string database, Exception failure) => new(database, $"The listings failed: {failure.Message}", failure);
}
