using Actors.Git.Remotes;
using Actors.Store.Heads.Postgres;
using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.Heads;

public sealed partial class PostgresHeadStore
{
    private static async Task<PostgresHeadStore> OpenAsync(PostgresDatabase database, TimeSpan gather, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Not retried: who opens wants to hear of a wrong address at once.
        await PostgresSchema.ApplyAsync(database.Source, cancellationToken).ConfigureAwait(false);
        Guid writer = await NameWriterAsync(database.Source, cancellationToken).ConfigureAwait(false);
        PostgresHeadStore store = new(database, writer, gather, clock);
        await store._writer.AddPartitionsAsync(cancellationToken).ConfigureAwait(false);
        return store;
    }

    /// <summary>A name for this writer; rows of those that have been silent for a month go.</summary>
    private static async Task<Guid> NameWriterAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand("WITH old AS (DELETE FROM head_writer WHERE seen_at < now() - interval '30 days') SELECT gen_random_uuid()");
        await using (command.ConfigureAwait(false))
        {
            return (Guid)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }

    /// <summary>Work that is harmless to repeat, until it succeeds or fails for good.</summary>
    private async Task<T> RunAsync<T>(Func<NpgsqlDataSource, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.Retries.RunAsync(
                async cancellation => await work(_database.Source, cancellation).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HeadFailure.IsOfDatabase(e))
        {
            throw HeadFailure.Describe(_database.Name, e);
        }
    }

    private async Task RunAsync(Func<NpgsqlDataSource, CancellationToken, Task> work, CancellationToken cancellationToken) => _ = await RunAsync(
        async (source, cancellation) =>
        {
            await work(source, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

#pragma warning disable CA1031 // Whatever went wrong belongs to the callers who wait; the queue goes on.
    private async Task FindTogetherAsync(List<FindWork> group)
    {
        _ = group.RemoveAll(work => work.CancellationToken.IsCancellationRequested && work.Done.TrySetCanceled(work.CancellationToken));
        RepositoryUrl[] urls = [.. group.SelectMany(work => work.Urls)];
        try
        {
            RepositoryState?[] states = await RunAsync((source, cancellation) => RepositoryLookup.FindAsync(source, urls, cancellation), CancellationToken.None).ConfigureAwait(false);
            int from = 0;
            foreach (FindWork work in group)
            {
                int count = work.Urls.Count;
                work.Done.SetResult(count == states.Length ? states : states[from..(from + count)]);
                from += count;
            }
        }
        catch (Exception e)
        {
            foreach (FindWork work in group)
            {
                _ = work.Done.TrySetException(e);
            }
        }
    }

    private async Task RecordTogetherAsync(List<RecordWork> group)
    {
        _ = group.RemoveAll(work => work.CancellationToken.IsCancellationRequested && work.Done.TrySetCanceled(work.CancellationToken));
        Exception? failure = await TryRecordAsync(group).ConfigureAwait(false);
        foreach (RecordWork work in group)
        {
            // One that cannot be written harms no other; a server that was away for a minute harms all.
            Exception? own = failure is null || group.Count == 1 || PostgresRetries.IsTransient(failure) ? failure : await TryRecordAsync([work]).ConfigureAwait(false);
            if (own is null)
            {
                work.Done.SetResult();
            }
            else
            {
                work.Done.SetException(HeadFailure.IsOfDatabase(own) ? HeadFailure.Describe(_database.Name, own) : own);
            }
        }
    }

    private async Task<Exception?> TryRecordAsync(List<RecordWork> group)
    {
        try
        {
            await _writer.RecordAsync(group.Count == 1 ? group[0].Visits : [.. group.SelectMany(work => work.Visits)]).ConfigureAwait(false);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
#pragma warning restore CA1031
}
