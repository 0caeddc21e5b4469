using System.Runtime.InteropServices;
using Actors.Git.Objects;
using Actors.Store.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Actors.Store.Catalogue;

internal sealed partial class StoreCatalogue
{
    /// <summary>
    /// Packs that became visible after a sequence, in order; whatever a later call says has higher ones. A merged pack says what it
    /// replaces, so that whoever has seen all before knows all that has changed since.
    /// </summary>
    public Task<List<CataloguePack>> ListPacksAfterAsync(long sequence, long oidsAfter, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => QueryAsync(
                connection,
                """
                SELECT sequence, upload, name, pack_bytes, index_bytes, objects, replaces, replaced_by, CASE WHEN sequence > $2 THEN oids END FROM packs
                WHERE sequence > $1 ORDER BY sequence
                """,
                [sequence, oidsAfter],
                row => ReadPack(row) with { Oids = row.IsDBNull(8) ? null : MemoryMarshal.Cast<byte, Oid>(row.GetFieldValue<byte[]>(8)).ToArray() },
                stop),
            cancellationToken);

    /// <summary>The commit point: makes a pack visible whose blobs are up, in one call, if no pack has been committed since the caller looked that may have its objects.</summary>
    /// <param name="upload">Its intent, ended by the same transaction.</param>
    /// <param name="pack">The pack, and which ones it replaces.</param>
    /// <param name="seen">The last sequence that the caller has seen.</param>
    /// <param name="cancellationToken">Ends the wait before it is begun; once it is on its way, nothing does.</param>
    /// <returns>Whether, and under which sequence, it is visible. A commit whose answer was lost is looked up, so the answer is true.</returns>
    public Task<PackCommit> CommitPackAsync(UploadIntent upload, NewPack pack, long seen, CancellationToken cancellationToken) =>
        CommitAsync(upload, connection => CommitAsync(connection, upload, pack, seen, Now()), cancellationToken);

    /// <summary>
    /// The same under the lock: others who want to commit wait from before
    /// <paramref name="underLock"/> is asked until this has ended.
    /// </summary>
    /// <param name="upload">Its intent, ended by the same transaction.</param>
    /// <param name="pack">The pack, and which ones it replaces.</param>
    /// <param name="underLock">Gets the last sequence in use; false: nothing is committed.</param>
    /// <param name="cancellationToken">Ends the wait; once the transaction is being committed, nothing does.</param>
    /// <returns>Whether, and under which sequence, it is visible. A commit whose answer was lost is looked up, so the answer is true.</returns>
    public Task<PackCommit> CommitPackAsync(UploadIntent upload, NewPack pack, Func<long, Task<bool>> underLock, CancellationToken cancellationToken) =>
        CommitAsync(upload, connection => CommitUnderLockAsync(connection, upload, pack, underLock, Now(), cancellationToken), cancellationToken);

    /// <summary>Takes note that the blobs of a replaced pack are about to be removed.</summary>
    /// <returns>Packs that were replaced before a time; each is answered to one caller.</returns>
    public Task<List<CataloguePack>> TakeReplacedPacksAsync(DateTimeOffset replacedBefore, CancellationToken cancellationToken) =>
        RunAsync(
            (connection, stop) => QueryAsync(
                connection,
                """
                UPDATE packs SET removed_at = $2 WHERE replaced_at < $1 AND removed_at IS NULL
                RETURNING sequence, upload, name, pack_bytes, index_bytes, objects, replaces, replaced_by
                """,
                [replacedBefore.UtcDateTime, Now()],
                ReadPack,
                stop),
            cancellationToken);

    /// <summary>How an upload ended; null: it is still to be committed. Waits for a transaction that may be committing it.</summary>
    private Task<PackCommit?> FindCommitAsync(long upload, CancellationToken cancellationToken) =>
        InTransactionAsync<PackCommit?>(
            async (connection, stop) =>
            {
                if ((await QueryAsync(connection, "SELECT id FROM uploads WHERE id = $1 FOR UPDATE", [upload], row => row.GetInt64(0), stop).ConfigureAwait(false)).Count > 0)
                {
                    return null;
                }

                List<long> committed = await QueryAsync(connection, "SELECT sequence FROM packs WHERE upload = $1", [upload], row => row.GetInt64(0), stop).ConfigureAwait(false);
                return committed.Count > 0 ? new PackCommit(PackCommitStatus.Committed, committed[0]) : new PackCommit(PackCommitStatus.GivenUp, 0);
            },
            cancellationToken);

    /// <summary>Tries to commit until somebody knows how it ended.</summary>
    private async Task<PackCommit> CommitAsync(UploadIntent upload, Func<NpgsqlConnection, Task<PackCommit>> commit, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(commit, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (PostgresRetries.IsTransient(failure) || failure is NpgsqlException)
            {
                // Nobody told whether it was committed. Not cancelled: the caller must not believe that it was not.
                if (await FindCommitAsync(upload.Id, CancellationToken.None).ConfigureAwait(false) is PackCommit known)
                {
                    return known;
                }

                if (!PostgresRetries.IsTransient(failure) || attempt == Limits.CatalogueCommitsMax)
                {
                    throw new PostgresStoreException(database.Name, $"The catalogue refused a commit: {failure.Message}", failure);
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<PackCommit> CommitUnderLockAsync(
        NpgsqlConnection connection, UploadIntent upload, NewPack pack, Func<long, Task<bool>> underLock, DateTime now, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // 1. The lock; with it, no sequence is given that is not visible before the next one.
            long last = (await QueryAsync(
                connection,
                $"SET LOCAL lock_timeout = {Text(Limits.CatalogueLockMilliseconds)}; SELECT pack_sequence FROM catalogue FOR UPDATE",
                [],
                row => row.GetInt64(0),
                cancellationToken).ConfigureAwait(false))[0];
            if (!await underLock(last).ConfigureAwait(false))
            {
                return new PackCommit(PackCommitStatus.Declined, last);
            }

            // 2. The pack, if its blobs are up and nobody has begun to remove them.
            cancellationToken.ThrowIfCancellationRequested();
            PackCommit commit = await CommitAsync(connection, upload, pack, last, now).ConfigureAwait(false);
            if (commit.Status == PackCommitStatus.Committed)
            {
                await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            }

            return commit;
        }
    }

    /// <summary>Not cancelled: a command that is cancelled on its way leaves open whether it was done.</summary>
    private static async Task<PackCommit> CommitAsync(NpgsqlConnection connection, UploadIntent upload, NewPack pack, long seen, DateTime now) =>
        (await QueryAsync(
            connection,
            "SELECT outcome, at_sequence FROM commit_pack($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                seen, upload.Id, Bytes(pack.Name), pack.PackBytes, pack.IndexBytes, pack.Objects,
                new NpgsqlParameter<byte[]?> { TypedValue = pack.Oids is null ? null : MemoryMarshal.AsBytes(pack.Oids.AsSpan()).ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea }, now,
                pack.Replaces.ToArray(),
            ],
            row => new PackCommit(
                row.GetInt32(0) switch { 0 => PackCommitStatus.Committed, 1 => PackCommitStatus.Declined, _ => PackCommitStatus.GivenUp },
                row.GetInt64(1)),
            CancellationToken.None).ConfigureAwait(false))[0];

    private async Task<T> RunOnceAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        // A connection can be had or not, and be tried again, before anything has begun.
        NpgsqlConnection connection = await database.Retries.RunAsync(
            async stop => await database.Source.OpenConnectionAsync(stop).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await work(connection).ConfigureAwait(false);
        }
    }

    private static CataloguePack ReadPack(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        Oid.FromBytes(row.GetFieldValue<byte[]>(2)),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetInt64(5),
        row.GetFieldValue<long[]>(6),
        row.IsDBNull(7) ? null : row.GetInt64(7));

    private static byte[] Bytes(Oid oid) => MemoryMarshal.AsBytes(new ReadOnlySpan<Oid>(in oid)).ToArray();
}
