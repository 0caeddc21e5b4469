using Actors.Store.Blobs;
using Npgsql;

namespace Actors.Store.Catalogue;

internal sealed partial class StoreCatalogue
{
    /// <summary>Goes up with every change of the runs: cheap to ask.</summary>
    public Task<long> ReadRunGenerationAsync(CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => (await QueryAsync(connection, "SELECT run_generation FROM catalogue", [], row => row.GetInt64(0), stop).ConfigureAwait(false))[0],
            cancellationToken);

    /// <summary>The index's runs as they are now.</summary>
    public Task<List<CatalogueRun>> ListRunsAsync(CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => QueryAsync(
                connection,
                """
                SELECT id, generation, oid_range, first_sequence, last_sequence, key, entries, bytes, checksum FROM index_runs
                WHERE replaced_at IS NULL ORDER BY oid_range, first_sequence
                """,
                [],
                ReadRun,
                stop),
            cancellationToken);

    /// <summary>
    /// Puts runs in the place of others in one step. The blobs of the new ones are up, each by an upload of its own, whose number is
    /// the run's id and which this ends.
    /// </summary>
    /// <param name="replaced">Ids of runs; none for new ones.</param>
    /// <param name="added">What stands for them; their generation is given here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False, and nothing changed: a run was replaced, or an upload given up, meanwhile.</returns>
    public async Task<bool> ReplaceRunsAsync(IReadOnlyList<long> replaced, IReadOnlyList<CatalogueRun> added, CancellationToken cancellationToken)
    {
        long[] ids = [.. added.Select(run => run.Id)];
        return await RunAsync(
            async (connection, stop) =>
            {
                // Done already, and the answer was lost: an upload's number is used once.
                if (ids.Length > 0 && (await QueryAsync(connection, "SELECT id FROM index_runs WHERE id = ANY($1)", [ids], row => row.GetInt64(0), stop).ConfigureAwait(false)).Count == ids.Length)
                {
                    return true;
                }

                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    long generation = (await QueryAsync(
                        connection, "UPDATE catalogue SET run_generation = run_generation + 1 RETURNING run_generation", [], row => row.GetInt64(0), stop).ConfigureAwait(false))[0];
                    if (await ExecuteAsync(connection, "DELETE FROM uploads WHERE id = ANY($1)", [ids], stop).ConfigureAwait(false) != ids.Length
                        || await ExecuteAsync(
                            connection, "UPDATE index_runs SET replaced_at = $2 WHERE id = ANY($1) AND replaced_at IS NULL", [replaced.ToArray(), Now()], stop).ConfigureAwait(false) != replaced.Count)
                    {
                        return false;
                    }

                    foreach (CatalogueRun run in added)
                    {
                        await AddRunAsync(connection, run with { Generation = generation }, stop).ConfigureAwait(false);
                    }

                    await transaction.CommitAsync(stop).ConfigureAwait(false);
                    return true;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes note that the blobs of replaced runs are about to be removed.</summary>
    /// <returns>Runs that were replaced before a time; each is answered to one caller.</returns>
    public Task<List<CatalogueRun>> TakeReplacedRunsAsync(DateTimeOffset replacedBefore, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => QueryAsync(
                connection,
                """
                UPDATE index_runs SET removed_at = $2 WHERE replaced_at < $1 AND removed_at IS NULL
                RETURNING id, generation, oid_range, first_sequence, last_sequence, key, entries, bytes, checksum
                """,
                [replacedBefore.UtcDateTime, Now()],
                ReadRun,
                stop),
            cancellationToken);

    private Task<int> AddRunAsync(NpgsqlConnection connection, CatalogueRun run, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        """
        INSERT INTO index_runs (id, generation, oid_range, first_sequence, last_sequence, key, entries, bytes, checksum, added_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        [run.Id, run.Generation, run.Range, run.FirstSequence, run.LastSequence, run.Key.ToString(), run.Entries, run.Bytes, run.Checksum.ToArray(), Now()],
        cancellationToken);

    private static CatalogueRun ReadRun(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.GetInt32(2),
        row.GetInt64(3),
        row.GetInt64(4),
        BlobKey.Parse(row.GetString(5)),
        row.GetInt64(6),
        row.GetInt64(7),
        row.GetFieldValue<byte[]>(8));
}
