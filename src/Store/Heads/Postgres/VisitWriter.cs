using Actors.Store.Postgres;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>
/// Records groups of visits, one transaction each, in two round trips:
/// <list type="number">
/// <item>Begin; take the next number of this writer in <c>head_writer</c>; draw places of the log; lock and read the repositories' rows.</item>
/// <item>Add and change rows, append to the log, commit.</item>
/// </list>
/// A commit whose answer was lost is found out by doing the group again under the same number: the first step finds the
/// number taken, and waits for it as long as the commit may still be under way. So no visit is lost or doubled.
/// </summary>
internal sealed class VisitWriter(PostgresDatabase database, Guid writer)
{
    private const string TakeNumberSql =
        """
        INSERT INTO head_writer AS w (writer, groups, seen_at) VALUES ($1, $2, now())
        ON CONFLICT (writer) DO UPDATE SET groups = excluded.groups, seen_at = excluded.seen_at WHERE w.groups < excluded.groups
        RETURNING 1
        """;

    private const string DrawPlacesSql = "SELECT array_agg(nextval('place')) FROM generate_series(1, $1)";

    /// <summary>Writers differ in it, mostly, so that they count in different rows.</summary>
    private readonly short _shard = (short)(writer.ToByteArray()[0] % Limits.PostgresCountShards);

    private long _group;

    /// <summary>Place up to which the log has partitions for sure.</summary>
    private long _partitionsUpTo;

    /// <summary>Records visits in order, all or none; done when they are on the server's disk. One call at a time.</summary>
    public async Task RecordAsync(IReadOnlyList<Visit> visits)
    {
        if (visits.Count == 0)
        {
            return;
        }

        long group = ++_group;
        IReadOnlyCollection<NewSnapshot> snapshots = await database.Retries.RunAsync(
            async cancellationToken => await NewSnapshots.EncodeAsync(database.Source, visits, cancellationToken).ConfigureAwait(false), CancellationToken.None).ConfigureAwait(false);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await database.Retries.RunAsync(async cancellationToken => await CommitAsync(group, visits, snapshots, cancellationToken).ConfigureAwait(false), CancellationToken.None)
                    .ConfigureAwait(false);
                return;
            }
            catch (PostgresException e) when (attempt < Limits.PostgresRacesMax && e.SqlState is PostgresErrorCodes.UniqueViolation)
            {
                // Another process added one of the repositories between our two round trips: this time it is found.
            }
            catch (PostgresException e) when (attempt < Limits.PostgresRacesMax && e.SqlState is PostgresErrorCodes.CheckViolation)
            {
                // Another process drew places beyond our partitions.
                await AddPartitionsAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes sure that the log has room for the next visits.</summary>
    public Task AddPartitionsAsync(CancellationToken cancellationToken) => database.Retries.RunAsync(
        async cancellation =>
        {
            NpgsqlCommand command = database.Source.CreateCommand("SELECT last_value, add_visit_partitions(last_value) FROM place");
            await using (command.ConfigureAwait(false))
            {
                long place = (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
                _partitionsUpTo = (place / Limits.PostgresPartitionVisits + 2) * Limits.PostgresPartitionVisits;
            }
        },
        cancellationToken).AsTask();

    private async ValueTask CommitAsync(long number, IReadOnlyList<Visit> visits, IReadOnlyCollection<NewSnapshot> snapshots, CancellationToken cancellationToken)
    {
        VisitGroup group = new(visits);
        NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                if (await HoldAsync(connection, number, group, cancellationToken).ConfigureAwait(false) is { } places)
                {
                    await WriteAsync(connection, group, group.Apply(places), snapshots, cancellationToken).ConfigureAwait(false);
                    await KeepAheadAsync(places[^1], cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await ExecuteAsync(connection, "ROLLBACK", cancellationToken).ConfigureAwait(false);
                }
            }
            catch
            {
                // If the connection still works it goes back to the pool: without a transaction.
                await RollbackAsync(connection).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>First round trip. Null when the group was committed already.</summary>
    private async Task<long[]?> HoldAsync(NpgsqlConnection connection, long number, VisitGroup group, CancellationToken cancellationToken)
    {
        HeldRepository[] repositories = group.Repositories;
        NpgsqlBatch batch = new(connection)
        {
            BatchCommands =
            {
                new("BEGIN"),
                new(TakeNumberSql) { Parameters = { Of(writer), Of(number) } },
                new(DrawPlacesSql) { Parameters = { Of(group.VisitsCount) } },
                RepositoryRows.Hold(Array.ConvertAll(repositories, r => r.Key), Array.ConvertAll(repositories, r => r.State.Url.ToString())),
            },
        };
        await using (batch.ConfigureAwait(false))
        {
            NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                bool taken = await row.ReadAsync(cancellationToken).ConfigureAwait(false);
                _ = await row.NextResultAsync(cancellationToken).ConfigureAwait(false);
                _ = await row.ReadAsync(cancellationToken).ConfigureAwait(false);
                long[] places = row.GetFieldValue<long[]>(0);
                _ = await row.NextResultAsync(cancellationToken).ConfigureAwait(false);
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    HeldRepository repository = repositories[RepositoryRows.Place(row)];
                    repository.Find(RepositoryRows.Read(row, repository.State.Url), RepositoryRows.Number(row), RepositoryRows.LastVisit(row));
                }

                return taken ? places : null;
            }
        }
    }

    /// <summary>Second round trip. An error in any statement keeps those after it, the commit too, from being done.</summary>
    private async Task WriteAsync(
        NpgsqlConnection connection, VisitGroup group, VisitRow[] rows, IReadOnlyCollection<NewSnapshot> snapshots, CancellationToken cancellationToken)
    {
        NpgsqlBatch batch = new(connection);
        await using (batch.ConfigureAwait(false))
        {
            HeldRepository[] added = Array.FindAll(group.Repositories, r => r.Found is null);
            HeldRepository[] visited = Array.FindAll(group.Repositories, r => r.Found is not null && r.SameHeads);
            HeldRepository[] changed = Array.FindAll(group.Repositories, r => r.Found is not null && !r.SameHeads);
            VisitRow[] more = Array.FindAll(rows, r => r.HasMore);
            Add(added.Length, () => VisitStatements.Add(added));
            Add(snapshots.Count, () => SnapshotRows.Add(snapshots));
            Add(visited.Length, () => VisitStatements.Update(visited));
            Add(changed.Length, () => VisitStatements.UpdateAll(changed));
            Add(rows.Length, () => VisitStatements.Append(rows));
            Add(more.Length, () => VisitStatements.AppendMore(more));
            // Last: its rows are shared with other repositories' visits, and so held shortest.
            Add(group.OutcomeChanges.Count(c => c != 0), () => VisitStatements.Count(_shard, group.OutcomeChanges));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
            _ = await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        void Add(int count, Func<NpgsqlBatchCommand> command)
        {
            if (count > 0)
            {
                batch.BatchCommands.Add(command());
            }
        }
    }

    private async Task KeepAheadAsync(long place, CancellationToken cancellationToken)
    {
        if (place > _partitionsUpTo - Limits.PostgresPartitionVisits)
        {
            try
            {
                await AddPartitionsAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                // The visits are committed; when there is no room for later ones, those say so.
            }
        }
    }

    private static async Task RollbackAsync(NpgsqlConnection connection)
    {
        try
        {
            await ExecuteAsync(connection, "ROLLBACK", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The connection was lost after all; its transaction went with it.
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
