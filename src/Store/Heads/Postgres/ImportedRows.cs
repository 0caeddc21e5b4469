using Actors.Git.Remotes;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>Heads that other systems recorded; never mixed with snapshots. Harmless to repeat.</summary>
internal static class ImportedRows
{
    private const string OthersSql = "SELECT k.url FROM unnest($1, $2) AS k (key, url) JOIN repository r ON r.key = k.key WHERE r.url <> k.url LIMIT 1";

    // Numbered in the order of the batch, added in the order of the keys.
    private const string AddSql =
        """
        INSERT INTO repository (key, url, number, last_visit, visited_at, visits, campaign, failures, outcome)
        SELECT key, url, number, 0, 0, 0, 0, 0, 0 FROM unnest($1, $2, $3) AS k (key, url, number) ORDER BY key
        ON CONFLICT (key) DO NOTHING
        """;

    private const string ReplaceSql =
        "INSERT INTO imported (key, oids) SELECT * FROM unnest($1, $2) AS k (key, oids) ORDER BY key ON CONFLICT (key) DO UPDATE SET oids = excluded.oids";

    public static async Task ReplaceAsync(NpgsqlDataSource source, short shard, IReadOnlyList<ImportedHeads> heads, CancellationToken cancellationToken)
    {
        Dictionary<RepositoryUrl, ImportedHeads> last = [];
        foreach (ImportedHeads imported in heads)
        {
            last[imported.Url] = imported;
        }

        ImportedHeads[] rows = [.. last.Values];
        Guid[] keys = Array.ConvertAll(rows, r => RepositoryKey.Of(r.Url));
        string[] urls = Array.ConvertAll(rows, r => r.Url.ToString());
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                int added = await AddRepositoriesAsync(connection, keys, urls, cancellationToken).ConfigureAwait(false);
                NpgsqlBatch batch = new(connection)
                {
                    BatchCommands = { new(ReplaceSql) { Parameters = { Of(keys), OfBytes(Array.ConvertAll(rows, r => Bytes(r.Oids))) } } },
                };
                await using (batch.ConfigureAwait(false))
                {
                    if (added > 0)
                    {
                        batch.BatchCommands.Add(VisitStatements.Count(shard, [added]));
                    }

                    _ = await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                }

                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public static async Task<ImportedHeads?> FindAsync(NpgsqlDataSource source, RepositoryUrl url, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = source.CreateCommand("SELECT i.oids FROM imported i JOIN repository r ON r.key = i.key WHERE i.key = $1 AND r.url = $2");
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Of(RepositoryKey.Of(url)));
            command.Parameters.Add(Of(url.ToString()));
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is byte[] oids ? new ImportedHeads(url, Oids(oids)) : null;
        }
    }

    /// <summary>Adds the repositories that are not known, and says how many those were.</summary>
    private static async Task<int> AddRepositoriesAsync(NpgsqlConnection connection, Guid[] keys, string[] urls, CancellationToken cancellationToken)
    {
        NpgsqlCommand draw = new("SELECT array_agg(nextval('place')) FROM generate_series(1, $1)", connection) { Parameters = { Of(keys.Length) } };
        long[] numbers;
        await using (draw.ConfigureAwait(false))
        {
            numbers = (long[])(await draw.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }

        int added;
        NpgsqlCommand add = new(AddSql, connection) { Parameters = { Of(keys), Of(urls), Of(numbers) } };
        await using (add.ConfigureAwait(false))
        {
            added = await add.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        NpgsqlCommand others = new(OthersSql, connection) { Parameters = { Of(keys), Of(urls) } };
        await using (others.ConfigureAwait(false))
        {
            return await others.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string url
                ? throw new FormatException($"another repository has the key of '{url}'")
                : added;
        }
    }
}
