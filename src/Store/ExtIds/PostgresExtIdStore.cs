using Actors.Git.Objects;
using Actors.Git.Remotes;
using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.ExtIds;

/// <summary>
/// External ids in a shared store's PostgreSQL database (<c>Postgres/Scripts/0005-extids.sql</c>): what one machine loaded, no other downloads again. Any number
/// of processes read and write. Each batch is one transaction, and harmless to repeat: so it is, where a connection was lost.
/// </summary>
public sealed class PostgresExtIdStore : IExtIdStore
{
    private const string FindSql =
        """
        SELECT k.place::int, e.target, e.kind FROM unnest($1, $2, $3) WITH ORDINALITY AS k (value, type, version, place)
        JOIN extid e ON e.value = k.value AND e.type = k.type AND e.version = k.version ORDER BY k.place, e.target
        """;

    private const string TargetSql = """SELECT type, version, value, kind FROM extid WHERE target = $1 AND kind > 0 ORDER BY type COLLATE "C", version, value""";

    private const string Sha1Sql = "SELECT oid, sha1, sha256, length FROM content WHERE sha1 = $1 ORDER BY oid LIMIT 1";

    private const string Sha256Sql = "SELECT oid, sha1, sha256, length FROM content WHERE sha256 = $1 ORDER BY oid LIMIT 1";

    private const string ForgetSql =
        """
        DELETE FROM extid e USING unnest($1, $2, $3, $4, $5) AS k (value, type, version, target, kind)
        WHERE k.kind > 0 AND e.value = k.value AND e.type = k.type AND e.version = k.version AND e.kind = 0
        """;

    private const string AddSql =
        """
        INSERT INTO extid (value, type, version, target, kind)
        SELECT * FROM unnest($1, $2, $3, $4, $5) AS k (value, type, version, target, kind)
        WHERE k.kind > 0 OR NOT EXISTS (SELECT FROM extid e WHERE e.value = k.value AND e.type = k.type AND e.version = k.version)
        ON CONFLICT DO NOTHING
        """;

    private const string AnswerSql = "SELECT digest, validator FROM answer WHERE key = $1";

    private const string RecordAnswerSql =
        "INSERT INTO answer (key, digest, validator) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, validator = excluded.validator";

    private const string ContentSql = "INSERT INTO content (sha1, oid, sha256, length) SELECT * FROM unnest($1, $2, $3, $4) AS k (sha1, oid, sha256, length) ON CONFLICT DO NOTHING";

    private readonly PostgresPart _part;

    private PostgresExtIdStore(PostgresPart part) => _part = part;

    /// <summary>Opens the database, and brings its schema up to date first.</summary>
    /// <param name="connectionString">As <see cref="Heads.PostgresHeadStore.OpenAsync(string, TimeProvider, Random, CancellationToken)"/> takes it.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Spreads them.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="PostgresStoreException">Unreachable, of a newer version, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static async Task<PostgresExtIdStore> OpenAsync(string connectionString, TimeProvider clock, Random random, CancellationToken cancellationToken) =>
        new(await PostgresPart.OpenAsync("the external ids", connectionString, clock, random, cancellationToken).ConfigureAwait(false));

    public async ValueTask<IReadOnlyList<IReadOnlyList<ExtIdLink>>> FindAsync(IReadOnlyList<ExtId> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new List<ExtIdLink>[ids.Count];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = [];
        }

        for (int start = 0; start < ids.Count; start += Limits.PostgresExtIdsTogetherMax)
        {
            ExtId[] some = [.. ids.Skip(start).Take(Limits.PostgresExtIdsTogetherMax)];
            List<(int Place, Oid Target, ObjectType Type)> rows = await _part.QueryAsync(
                FindSql,
                [Bytes(some.Select(id => id.Value)), some.Select(id => id.Type).ToArray(), some.Select(id => id.Version).ToArray()],
                static row => (row.GetInt32(0), OidOf(row.GetFieldValue<byte[]>(1)), (ObjectType)row.GetInt16(2)),
                cancellationToken).ConfigureAwait(false);
            foreach ((int place, Oid target, ObjectType type) in rows)
            {
                found[start + place - 1].Add(new ExtIdLink(some[place - 1], target, type));
            }
        }

        // Two processes that write at once may leave both kinds.
        return [.. found.Select(links => links.Exists(link => !link.IsNegative) ? links.FindAll(link => !link.IsNegative) : links)];
    }

    public async ValueTask<IReadOnlyList<ExtIdLink>> FindByTargetAsync(Oid target, CancellationToken cancellationToken) => await _part.QueryAsync(
        TargetSql,
        [Bytes(target)],
        row => new ExtIdLink(new ExtId(row.GetString(0), row.GetInt32(1), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(2))), target, (ObjectType)row.GetInt16(3)),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<ContentName?> FindContentAsync(string digest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(digest);
        List<ContentName> found = await _part.QueryAsync(
            digest.Length == 2 * 20 ? Sha1Sql : Sha256Sql,
            [Convert.FromHexString(digest)],
            static row => new ContentName(
                OidOf(row.GetFieldValue<byte[]>(0)), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1)), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(2)), row.GetInt64(3)),
            cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    public async ValueTask RecordAsync(IReadOnlyList<ExtIdLink> links, IReadOnlyList<ContentName> contents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(contents);
        foreach (ExtIdLink link in links)
        {
            link.Check();
        }

        // Every process adds in the same order: what two of them add at once one waits for, and neither for the other.
        ExtIdLink[] sorted =
        [
            .. links.Distinct().OrderBy(link => link.Id.Value, StringComparer.Ordinal).ThenBy(link => link.Id.Type, StringComparer.Ordinal).ThenBy(link => link.Id.Version)
                .ThenByDescending(link => link.Target),
        ];
        ContentName[] named = [.. contents.Distinct().OrderBy(name => name.Sha1, StringComparer.Ordinal).ThenBy(name => name.Oid)];
        _ = await _part.RunAsync(
            async (connection, stop) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    await WriteAsync(connection, sorted, named, stop).ConfigureAwait(false);
                    await transaction.CommitAsync(stop).ConfigureAwait(false);
                    return true;
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<AnswerMark?> FindAnswerAsync(string key, CancellationToken cancellationToken)
    {
        List<AnswerMark> found = await _part.QueryAsync(
            AnswerSql,
            [key],
            reader => new AnswerMark(key, AdvertisementDigest.Parse(Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0))), reader.GetString(1)),
            cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    public async ValueTask RecordAnswerAsync(AnswerMark answer, CancellationToken cancellationToken)
    {
        answer.Check();
        await _part.ExecuteAsync(RecordAnswerSql, [answer.Key, Convert.FromHexString(answer.Digest.ToString()), answer.Validator], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _part.DisposeAsync();

    private static async Task WriteAsync(NpgsqlConnection connection, ExtIdLink[] links, ContentName[] contents, CancellationToken cancellationToken)
    {
        foreach (ExtIdLink[] some in links.Chunk(Limits.PostgresExtIdsTogetherMax))
        {
            object[] values =
            [
                Bytes(some.Select(link => link.Id.Value)), some.Select(link => link.Id.Type).ToArray(), some.Select(link => link.Id.Version).ToArray(),
                some.Select(link => link.IsNegative ? [] : Bytes(link.Target)).ToArray(), some.Select(link => (short)link.Type).ToArray(),
            ];
            _ = await PostgresPart.ExecuteAsync(connection, ForgetSql, values, cancellationToken).ConfigureAwait(false);
            _ = await PostgresPart.ExecuteAsync(connection, AddSql, values, cancellationToken).ConfigureAwait(false);
        }

        foreach (ContentName[] some in contents.Chunk(Limits.PostgresExtIdsTogetherMax))
        {
            object[] values =
            [
                Bytes(some.Select(name => name.Sha1)), some.Select(name => Bytes(name.Oid)).ToArray(), Bytes(some.Select(name => name.Sha256)), some.Select(name => name.Length).ToArray(),
            ];
            _ = await PostgresPart.ExecuteAsync(connection, ContentSql, values, cancellationToken).ConfigureAwait(false);
        }
    }

    private static byte[][] Bytes(IEnumerable<string> hex) => [.. hex.Select(Convert.FromHexString)];

    private static byte[] Bytes(Oid oid)
    {
        byte[] bytes = new byte[Oid.Length];
        oid.CopyTo(bytes);
        return bytes;
    }

    private static Oid OidOf(byte[] bytes) => bytes.Length == 0 ? Oid.Zero : Oid.FromBytes(bytes);
}
