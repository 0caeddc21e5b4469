using Actors.Git.Remotes;
using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>Reads rows of repositories.</summary>
internal static class RepositoryRows
{
    private const string Columns =
        "r.number, r.last_visit, r.visited_at, r.succeeded_at, r.retry_at, r.clone_bytes, r.visits, r.campaign, r.failures, r.outcome, r.snapshot, r.digest, r.moved_to, r.evidence";

    private const int UrlColumn = 15;

    // One search by key for each URL, in one partition each. The URL is compared there: it would come back only to be thrown away.
    private const string FindSql =
        $"""
        SELECT k.place::int, {Columns}, r.url = k.url
        FROM unnest($1, $2) WITH ORDINALITY AS k (key, url, place) JOIN repository r ON r.key = k.key
        """;

    // In order of keys, as everyone locks them.
    private const string HoldSql = $"{FindSql} ORDER BY k.key FOR UPDATE OF r";

    private const string PageSql = $"SELECT 0, {Columns}, r.url FROM repository r WHERE r.number > $1 ORDER BY r.number LIMIT $2";

    /// <summary>Looks URLs up. Rows are read by <see cref="Read(NpgsqlDataReader, RepositoryUrl)"/>.</summary>
    public static NpgsqlBatchCommand Find(Guid[] keys, string[] urls) => new(FindSql) { Parameters = { Of(keys), Of(urls) } };

    /// <summary>Looks URLs up, whose keys are sorted, and locks their rows until the transaction ends.</summary>
    public static NpgsqlBatchCommand Hold(Guid[] keys, string[] urls) => new(HoldSql) { Parameters = { Of(keys), Of(urls) } };

    /// <summary>Repositories after a number, in order.</summary>
    public static NpgsqlBatchCommand Page(long after, int rowsMax) => new(PageSql) { Parameters = { Of(after), Of(rowsMax) } };

    /// <summary>Which of the URLs asked for the row is of, from 0.</summary>
    public static int Place(NpgsqlDataReader row) => row.GetInt32(0) - 1;

    public static long Number(NpgsqlDataReader row) => row.GetInt64(1);

    public static long LastVisit(NpgsqlDataReader row) => row.GetInt64(2);

    /// <summary>The row of a URL that was asked for.</summary>
    /// <exception cref="FormatException">It is another URL's: two have the same key, which chance does not make.</exception>
    public static RepositoryState Read(NpgsqlDataReader row, RepositoryUrl url) => row.GetBoolean(UrlColumn)
        ? State(row, url)
        : throw new FormatException($"another repository has the key of '{url}'");

    /// <summary>A row of a <see cref="Page"/>.</summary>
    public static RepositoryState Read(NpgsqlDataReader row) => State(row, RepositoryUrl.Parse(row.GetString(UrlColumn)));

    private static RepositoryState State(NpgsqlDataReader row, RepositoryUrl url) => new()
    {
        Url = url,
        VisitedAt = row.GetInt32(7) == 0 ? default : HeadTime.FromNumber(row.GetInt64(3)),
        SucceededAt = HeadTime.FromNumber(NumberOrNull(row, 4)),
        RetryAt = HeadTime.FromNumber(NumberOrNull(row, 5)),
        CloneBytes = NumberOrNull(row, 6),
        Visit = row.GetInt32(7),
        Campaign = new CampaignId(row.GetInt32(8)),
        Failures = row.GetInt32(9),
        Outcome = (Outcome)row.GetInt16(10),
        Snapshot = row.IsDBNull(11) ? null : Id(row.GetFieldValue<byte[]>(11)),
        Digest = row.IsDBNull(12) ? default : Digest(row.GetGuid(12)),
        MovedTo = row.IsDBNull(13) ? null : RepositoryUrl.Parse(row.GetString(13)),
        Evidence = row.IsDBNull(14) ? RepositoryEvidence.None : RepositoryEvidence.Parse(row.GetString(14)),
    };

    private static long? NumberOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
