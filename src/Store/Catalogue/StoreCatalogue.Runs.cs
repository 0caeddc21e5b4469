using Actors.Store.Blobs;
using Actors.Store.Index.Ranges;
using Npgsql;

namespace Actors.Store.Catalogue;

internal sealed partial class StoreCatalogue
{
    /// <inheritdoc/>
    public Task<long> ReadRunGenerationAsync(CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => (await QueryAsync(connection, "SELECT run_generation FROM catalogue", [], row => row.GetInt64(0), stop).ConfigureAwait(false))[0],
            cancellationToken);

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public async Task<bool> ListRunAsync(IndexLease lease, IReadOnlyList<long> replaced, CatalogueRun added, CancellationToken cancellationToken) =>
        await RunAsync(
            async (connection, stop) =>
            {
                // Done already, and the answer was lost: an upload's number is used once.
                if ((await QueryAsync(connection, "SELECT id FROM index_runs WHERE id = $1", [added.Id], row => row.GetInt64(0), stop).ConfigureAwait(false)).Count == 1)
                {
                    return true;
                }

                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    bool isOurs = await ListRunAsync(connection, lease, replaced, added, stop).ConfigureAwait(false);
                    if (isOurs)
                    {
                        await transaction.CommitAsync(stop).ConfigureAwait(false);
                    }

                    return isOurs;
                }
            },
            cancellationToken).ConfigureAwait(false);

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

    private async Task<bool> ListRunAsync(
        NpgsqlConnection connection, IndexLease lease, IReadOnlyList<long> replaced, CatalogueRun added, CancellationToken cancellationToken)
    {
        // 1. The lease, held until the end: nobody takes it while this goes on.
        List<long> token = await QueryAsync(
            connection, "SELECT token FROM index_leases WHERE oid_range = $1 FOR UPDATE", [lease.Range], row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
        if (token.Count != 1 || token[0] != lease.Token)
        {
            return false;
        }

        // 2. The upload is not given up, and what is replaced is still listed.
        if (!await EndUploadAsync(connection, added.Id, cancellationToken).ConfigureAwait(false)
            || await ExecuteAsync(
                connection,
                "UPDATE index_runs SET replaced_at = $2 WHERE id = ANY($1) AND oid_range = $3 AND replaced_at IS NULL",
                [replaced.ToArray(), Now(), lease.Range],
                cancellationToken).ConfigureAwait(false) != replaced.Count)
        {
            return false;
        }

        // 3. The run, and a new generation: last, since all who commit packs wait for that row.
        long generation = (await QueryAsync(
            connection, "UPDATE catalogue SET run_generation = run_generation + 1 RETURNING run_generation", [], row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];
        return await AddRunAsync(connection, added with { Generation = generation }, cancellationToken).ConfigureAwait(false) == 1;
    }

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
