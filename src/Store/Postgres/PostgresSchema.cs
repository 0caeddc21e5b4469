using System.Globalization;
using Npgsql;

namespace Actors.Store.Postgres;

/// <summary>
/// Brings a database's schema up to date: the scripts of <c>Scripts/</c> that it lacks, in order, each in a transaction of its
/// own under an advisory lock, so that any number of processes may start at once. What was applied is told in the table <c>schema_script</c>;
/// each set of scripts has a table of its own.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>Applies what is missing. All names of the scripts are in the source's schema, which is made first.</summary>
    /// <exception cref="PostgresStoreException">A script was changed after it was applied, or the database is newer than this program; nothing is changed.</exception>
    public static Task ApplyAsync(NpgsqlDataSource source, CancellationToken cancellationToken) => ApplyAsync(source, SchemaScript.All, cancellationToken);

    internal static Task ApplyAsync(NpgsqlDataSource source, IReadOnlyList<SchemaScript> scripts, CancellationToken cancellationToken) =>
        ApplyAsync(source, scripts, "schema_script", cancellationToken);

    /// <summary>Applies what is missing of a set.</summary>
    internal static async Task ApplyAsync(NpgsqlDataSource source, IReadOnlyList<SchemaScript> scripts, string table, CancellationToken cancellationToken)
    {
        string schema = PostgresDatabase.SchemaOf(source);
        table = $"{schema}.{table}";
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (await ExistsAsync(connection, table, cancellationToken).ConfigureAwait(false)
                && Missing(source, scripts, await AppliedAsync(connection, table, cancellationToken).ConfigureAwait(false)).Count == 0)
            {
                return;
            }

            while (await ApplyNextAsync(source, connection, schema, table, scripts, cancellationToken).ConfigureAwait(false))
            {
            }
        }
    }

    /// <summary>Applies the first missing script; false when there was none.</summary>
    private static async Task<bool> ApplyNextAsync(
        NpgsqlDataSource source, NpgsqlConnection connection, string schema, string table, IReadOnlyList<SchemaScript> scripts, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ExecuteAsync(
                connection,
                $"""
                SELECT pg_advisory_xact_lock(hashtextextended('actors schema {schema}', 0));
                CREATE SCHEMA IF NOT EXISTS {schema};
                CREATE TABLE IF NOT EXISTS {table} (
                    number int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
                SET LOCAL search_path = {schema};
                """,
                cancellationToken).ConfigureAwait(false);
            List<SchemaScript> missing = Missing(source, scripts, await AppliedAsync(connection, table, cancellationToken).ConfigureAwait(false));
            if (missing.Count == 0)
            {
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return false;
            }

            await ExecuteAsync(connection, missing[0].Sql, cancellationToken).ConfigureAwait(false);
            NpgsqlCommand record = new($"INSERT INTO {table} (number, name, checksum) VALUES ($1, $2, $3)", connection)
            {
                Parameters = { new() { Value = missing[0].Number }, new() { Value = missing[0].Name }, new() { Value = missing[0].Checksum } },
            };
            await using (record.ConfigureAwait(false))
            {
                _ = await record.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>The scripts that are to be applied, in order.</summary>
    private static List<SchemaScript> Missing(NpgsqlDataSource source, IReadOnlyList<SchemaScript> scripts, Dictionary<int, (string Name, string Checksum)> applied)
    {
        int newest = applied.Count == 0 ? 0 : applied.Keys.Max();
        if (newest / SchemaScript.Generation > scripts[^1].Number / SchemaScript.Generation)
        {
            throw new PostgresStoreException(
                PostgresDatabase.NameOf(source),
                string.Create(CultureInfo.InvariantCulture, $"The database has schema version {newest}; this program knows versions up to {scripts[^1].Number}: use a newer one"));
        }

        foreach (SchemaScript script in scripts)
        {
            if (applied.TryGetValue(script.Number, out (string Name, string Checksum) known) && known.Checksum != script.Checksum)
            {
                throw new PostgresStoreException(
                    PostgresDatabase.NameOf(source),
                    string.Create(CultureInfo.InvariantCulture, $"Script {script.Number:d4}-{known.Name} was applied with other contents than this program's: a script is never changed after its release"));
            }
        }

        return [.. scripts.Where(s => !applied.ContainsKey(s.Number))];
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new($"SELECT to_regclass('{table}') IS NOT NULL", connection);
        await using (command.ConfigureAwait(false))
        {
            return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }

    private static async Task<Dictionary<int, (string Name, string Checksum)>> AppliedAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        Dictionary<int, (string Name, string Checksum)> applied = [];
        NpgsqlCommand command = new($"SELECT number, name, checksum FROM {table}", connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    applied.Add(reader.GetInt32(0), (reader.GetString(1), reader.GetString(2)));
                }
            }
        }

        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await using (command.ConfigureAwait(false))
        {
            _ = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
