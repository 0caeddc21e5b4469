using Actors.Git.Remotes;
using Npgsql;

namespace Actors.Store.Heads.Postgres;

/// <summary>Look-ups of many URLs in one round trip.</summary>
internal static class RepositoryLookup
{
    /// <summary>States, each at its URL's place; null where there is none.</summary>
    public static async Task<RepositoryState?[]> FindAsync(NpgsqlDataSource source, RepositoryUrl[] urls, CancellationToken cancellationToken)
    {
        RepositoryState?[] states = new RepositoryState?[urls.Length];
        if (urls.Length == 0)
        {
            return states;
        }

        NpgsqlBatch batch = source.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(RepositoryRows.Find(Array.ConvertAll(urls, RepositoryKey.Of), Array.ConvertAll(urls, url => url.ToString())));
            NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    int place = RepositoryRows.Place(row);
                    states[place] = RepositoryRows.Read(row, urls[place]);
                }
            }
        }

        return states;
    }

    /// <summary>A state, and the place of the last visit; 0 for none.</summary>
    public static async Task<(RepositoryState? State, long LastVisit)> FindWithLastVisitAsync(NpgsqlDataSource source, RepositoryUrl url, CancellationToken cancellationToken)
    {
        NpgsqlBatch batch = source.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(RepositoryRows.Find([RepositoryKey.Of(url)], [url.ToString()]));
            NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                return await row.ReadAsync(cancellationToken).ConfigureAwait(false) ? (RepositoryRows.Read(row, url), RepositoryRows.LastVisit(row)) : (null, 0);
            }
        }
    }

    /// <summary>Repositories after a number, in order, each with its own.</summary>
    public static async Task<List<(RepositoryState State, long Number)>> PageAsync(NpgsqlDataSource source, long after, int rowsMax, CancellationToken cancellationToken)
    {
        List<(RepositoryState, long)> page = [];
        NpgsqlBatch batch = source.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(RepositoryRows.Page(after, rowsMax));
            NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    page.Add((RepositoryRows.Read(row), RepositoryRows.Number(row)));
                }
            }
        }

        return page;
    }
}
