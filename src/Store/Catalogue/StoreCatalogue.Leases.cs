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

    /// <summary>Tells others where this process answers for ranges of the object index.</summary>
    /// <returns>Its number, for <see cref="BeatAsync"/>.</returns>
    public Task<long> RegisterAsync(string endpoint, IReadOnlyList<int> ranges, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => (await QueryAsync(
                connection,
                "INSERT INTO index_processes (id, endpoint, ranges, heartbeat_at) VALUES (nextval('upload_ids'), $1, $2, $3) RETURNING id",
                [endpoint, ranges.ToArray(), Now()],
                row => row.GetInt64(0),
                stop).ConfigureAwait(false))[0],
            cancellationToken);

    /// <summary>Says that a registered process lives, and for which ranges it answers now. False: it was removed as dead, and registers anew.</summary>
    public Task<bool> BeatAsync(long id, IReadOnlyList<int> ranges, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => await ExecuteAsync(
                connection, "UPDATE index_processes SET heartbeat_at = $2, ranges = $3 WHERE id = $1", [id, Now(), ranges.ToArray()], stop).ConfigureAwait(false) == 1,
            cancellationToken);

    /// <summary>Removes a process that ends, or one that has not said for long that it lives.</summary>
    public Task RemoveProcessAsync(long id, CancellationToken cancellationToken) =>
        RunAsync((connection, stop) => ExecuteAsync(connection, "DELETE FROM index_processes WHERE id = $1", [id], stop), cancellationToken);

    /// <summary>Processes that have said since a time that they live.</summary>
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
