using System.Security.Cryptography;
using Actors.Store.Index.Ranges;

namespace Actors.Store.Catalogue;

internal sealed partial class StoreCatalogue
{
    /// <summary>
    /// Takes or renews a lease: for work that one process should do at a time. It is a courtesy, not a guard: whoever is slower than its
    /// lease meets another, so the transaction that ends the work must find out by itself.
    /// </summary>
    /// <param name="name">What is leased.</param>
    /// <param name="holder">Who; the same again renews.</param>
    /// <param name="duration">After this anybody may take it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: another has it.</returns>
    public Task<bool> TryLeaseAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => await ExecuteAsync(
                connection,
                """
                INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $4)
                ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE leases.holder = excluded.holder OR leases.expires_at <= $3
                """,
                [name, holder, Now(), Now() + duration],
                stop).ConfigureAwait(false) == 1,
            cancellationToken);

    /// <summary>Gives a lease back; one that is another's by now stays.</summary>
    public Task ReturnLeaseAsync(string name, string holder, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => ExecuteAsync(connection, "DELETE FROM leases WHERE name = $1 AND holder = $2", [name, holder], stop), cancellationToken);

    /// <inheritdoc/>
    public Task<IndexLease?> TryLeaseRangeAsync(int range, long token, TimeSpan duration, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) =>
            {
                List<long> taken = await QueryAsync(
                    connection,
                    token == 0
                        ? """
                          INSERT INTO index_leases (oid_range, token, process, expires_at) VALUES ($1, 1, $2, $4)
                          ON CONFLICT (oid_range) DO UPDATE SET token = index_leases.token + 1, process = excluded.process, expires_at = excluded.expires_at
                          WHERE index_leases.expires_at <= $3
                          RETURNING token
                          """
                        : "UPDATE index_leases SET expires_at = $3 WHERE oid_range = $1 AND token = $2 RETURNING token",
                    token == 0 ? [range, process, Now(), Now() + duration] : [range, token, Now() + duration],
                    row => row.GetInt64(0),
                    stop).ConfigureAwait(false);
                return taken.Count == 0 ? (IndexLease?)null : new IndexLease(range, taken[0]);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task ReturnRangeAsync(IndexLease lease, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => ExecuteAsync(
                connection, "UPDATE index_leases SET expires_at = to_timestamp(0) WHERE oid_range = $1 AND token = $2", [lease.Range, lease.Token], stop),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IndexSettings> MakeIndexSettingsAsync(int rangesIfNew, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) =>
            {
                // Two at once: one waits for the other's row, and reads it.
                _ = await ExecuteAsync(
                    connection,
                    "INSERT INTO index_settings (ranges, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    [rangesIfNew, RandomNumberGenerator.GetBytes(IndexSettings.SecretBytes)],
                    stop).ConfigureAwait(false);
                return (await QueryAsync(
                    connection,
                    "SELECT ranges, secret FROM index_settings",
                    [],
                    row => new IndexSettings(new OidRanges(row.GetInt32(0)), row.GetFieldValue<byte[]>(1)),
                    stop).ConfigureAwait(false))[0];
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<long> RegisterAsync(string endpoint, IReadOnlyList<int> ranges, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => (await QueryAsync(
                connection,
                // Whoever was killed said no farewell: whoever comes takes its row away. One that was only silent comes again as another.
                "WITH gone AS (DELETE FROM index_processes WHERE heartbeat_at < $4) "
                    + "INSERT INTO index_processes (id, endpoint, ranges, heartbeat_at) VALUES (nextval('upload_ids'), $1, $2, $3) RETURNING id",
                [endpoint, ranges.ToArray(), Now(), Now() - Limits.IndexProcessAge],
                row => row.GetInt64(0),
                stop).ConfigureAwait(false))[0],
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> BeatAsync(long id, IReadOnlyList<int> ranges, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => await ExecuteAsync(
                connection, "UPDATE index_processes SET heartbeat_at = $2, ranges = $3 WHERE id = $1", [id, Now(), ranges.ToArray()], stop).ConfigureAwait(false) == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task RemoveProcessAsync(long id, CancellationToken cancellationToken) =>
        RunAsync((connection, stop) => ExecuteAsync(connection, "DELETE FROM index_processes WHERE id = $1", [id], stop), cancellationToken);

    /// <inheritdoc/>
    public Task<List<IndexProcess>> ListProcessesAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => QueryAsync(
                connection,
                "SELECT id, endpoint, ranges, heartbeat_at FROM index_processes WHERE heartbeat_at >= $1 ORDER BY id",
                [since.UtcDateTime],
                row => new IndexProcess(row.GetInt64(0), row.GetString(1), row.GetFieldValue<int[]>(2), row.GetFieldValue<DateTimeOffset>(3)),
                stop),
            cancellationToken);
}
