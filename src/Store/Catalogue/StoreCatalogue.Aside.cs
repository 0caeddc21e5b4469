using System.Runtime.InteropServices;
using Actors.Git.Objects;
using Npgsql;

namespace Actors.Store.Catalogue;

internal sealed partial class StoreCatalogue
{
    /// <summary>Ingests kept aside, oldest first.</summary>
    public Task<List<CatalogueAside>> ListAsideAsync(CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => QueryAsync(
                connection,
                "SELECT name, keys, lengths, reason, colliding, missing, pack_bytes FROM aside ORDER BY kept_at, name",
                [],
                row => new CatalogueAside(
                    row.GetString(0),
                    Keys(row, 1),
                    row.GetFieldValue<long[]>(2),
                    row.GetString(3),
                    row.IsDBNull(4) ? null : row.GetString(4),
                    MemoryMarshal.Cast<byte, Oid>(row.GetFieldValue<byte[]>(5)).ToArray(),
                    row.GetInt64(6)),
                stop),
            cancellationToken);

    /// <summary>How many ingests are kept aside.</summary>
    public Task<long> CountAsideAsync(CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => (await QueryAsync(connection, "SELECT count(*) FROM aside", [], row => row.GetInt64(0), stop).ConfigureAwait(false))[0],
            cancellationToken);

    /// <summary>Whether an ingest of that name is kept aside.</summary>
    public Task<bool> HasAsideAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) => (await QueryAsync(connection, "SELECT 1 FROM aside WHERE name = $1", [name], row => row.GetInt32(0), stop).ConfigureAwait(false)).Count > 0,
            cancellationToken);

    /// <summary>Keeps an ingest aside whose blobs are up. False: one of that name is kept already, or the upload was given up; the blobs are the caller's to remove.</summary>
    public Task<bool> KeepAsideAsync(UploadIntent upload, CatalogueAside one, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, stop) =>
            {
                if ((await QueryAsync(connection, "SELECT 1 FROM aside WHERE upload = $1", [upload.Id], row => row.GetInt32(0), stop).ConfigureAwait(false)).Count > 0)
                {
                    // An earlier attempt's answer was lost.
                    return true;
                }

                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    bool kept = await EndUploadAsync(connection, upload.Id, stop).ConfigureAwait(false)
                        && await AddAsideAsync(connection, upload, one, stop).ConfigureAwait(false) == 1;
                    if (kept)
                    {
                        await transaction.CommitAsync(stop).ConfigureAwait(false);
                    }

                    return kept;
                }
            },
            cancellationToken);

    /// <summary>Writes down that an ingest kept aside collides with what is stored.</summary>
    public Task MarkCollidingAsync(string name, Oid colliding, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => ExecuteAsync(connection, "UPDATE aside SET colliding = $2, missing = '' WHERE name = $1", [name, colliding.ToString()], stop),
            cancellationToken);

    /// <summary>Forgets an ingest kept aside; its blobs are nobody's from then on.</summary>
    public Task RemoveAsideAsync(string name, CancellationToken cancellationToken) =>
        RunAsync((connection, stop) => ExecuteAsync(connection, "DELETE FROM aside WHERE name = $1", [name], stop), cancellationToken);

    private Task<int> AddAsideAsync(NpgsqlConnection connection, UploadIntent upload, CatalogueAside one, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        """
        INSERT INTO aside (name, upload, keys, lengths, reason, colliding, missing, pack_bytes, kept_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (name) DO NOTHING
        """,
        [
            one.Name,
            upload.Id,
            Texts(one.Keys),
            one.Lengths.ToArray(),
            one.Reason,
            (object?)one.Colliding ?? DBNull.Value,
            MemoryMarshal.AsBytes<Oid>(one.Missing.ToArray()).ToArray(),
            one.PackBytes,
            Now(),
        ],
        cancellationToken);
}
