using Actors.Store.Blobs;
using Npgsql;

namespace Actors.Store.Catalogue;

internal sealed partial class StoreCatalogue
{
    /// <summary>Takes note of blobs before the first byte of them goes up.</summary>
    /// <param name="name">Names of the blobs, which must contain the upload's number.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<UploadIntent> BeginUploadAsync(Func<long, IReadOnlyList<BlobKey>> name, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) =>
            {
                long id = (await QueryAsync(connection, "SELECT nextval('upload_ids')", [], row => row.GetInt64(0), stop).ConfigureAwait(false))[0];
                IReadOnlyList<BlobKey> keys = name(id);
                _ = await ExecuteAsync(
                    connection,
                    "INSERT INTO uploads (id, keys, process, begun_at) VALUES ($1, $2, $3, $4)",
                    [id, Texts(keys), process, Now()],
                    stop).ConfigureAwait(false);
                return new UploadIntent(id, keys);
            },
            cancellationToken);

    /// <summary>
    /// Gives an upload up, in a step of its own before its blobs are removed: whoever wants to commit it finds it gone. False when it
    /// is gone already: committed, or given up by another.
    /// </summary>
    public Task<bool> GiveUpUploadAsync(long id, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => await ExecuteAsync(connection, "DELETE FROM uploads WHERE id = $1", [id], stop).ConfigureAwait(false) == 1,
            cancellationToken);

    /// <summary>Uploads that were begun before a time and have not ended.</summary>
    public Task<List<UploadIntent>> ListUploadsAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => QueryAsync(
                connection,
                "SELECT id, keys FROM uploads WHERE begun_at < $1 ORDER BY begun_at",
                [begunBefore.UtcDateTime],
                row => new UploadIntent(row.GetInt64(0), Keys(row, 1)),
                stop),
            cancellationToken);

    /// <summary>Which of these uploads a live row of the catalogue rests on, or are on their way still. The blobs of all others are nobody's for ever.</summary>
    public Task<HashSet<long>> FindNeededUploadsAsync(IReadOnlyList<long> uploads, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => (HashSet<long>)
            [
                .. await QueryAsync(
                    connection,
                    """
                    SELECT id FROM uploads WHERE id = ANY($1)
                    UNION ALL SELECT upload FROM packs WHERE upload = ANY($1) AND removed_at IS NULL
                    UNION ALL SELECT upload FROM aside WHERE upload = ANY($1)
                    UNION ALL SELECT id FROM index_runs WHERE id = ANY($1) AND removed_at IS NULL
                    """,
                    [uploads.ToArray()],
                    row => row.GetInt64(0),
                    stop).ConfigureAwait(false),
            ],
            cancellationToken);

    /// <summary>Ends an intent within the transaction that makes its blobs count; false when it was given up.</summary>
    private static async Task<bool> EndUploadAsync(NpgsqlConnection connection, long id, CancellationToken cancellationToken) =>
        await ExecuteAsync(connection, "DELETE FROM uploads WHERE id = $1", [id], cancellationToken).ConfigureAwait(false) == 1;

    private static string[] Texts(IEnumerable<BlobKey> keys) => [.. keys.Select(key => key.ToString())];

    private static BlobKey[] Keys(NpgsqlDataReader row, int column) => Array.ConvertAll(row.GetFieldValue<string[]>(column), BlobKey.Parse);
}
