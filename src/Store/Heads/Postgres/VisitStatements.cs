using Npgsql;
using static Actors.Store.Heads.Postgres.HeadValues;

namespace Actors.Store.Heads.Postgres;

/// <summary>The statements that write a group of visits: an array a column, a row of the arrays a row.</summary>
internal static class VisitStatements
{
    private const string AddSql =
        """
        INSERT INTO repository (key, url, number, last_visit, visited_at, succeeded_at, retry_at, visits, campaign, failures, outcome, clone_bytes, snapshot, digest, moved_to, evidence)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """;

    private const string VisitedSql =
        """
        UPDATE repository r SET last_visit = v.last_visit, visited_at = v.visited_at, succeeded_at = v.succeeded_at, retry_at = v.retry_at,
            visits = v.visits, campaign = v.campaign, failures = v.failures, outcome = v.outcome
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) AS v (key, last_visit, visited_at, succeeded_at, retry_at, visits, campaign, failures, outcome)
        WHERE r.key = v.key
        """;

    private const string ChangedSql =
        """
        UPDATE repository r SET last_visit = v.last_visit, visited_at = v.visited_at, succeeded_at = v.succeeded_at, retry_at = v.retry_at,
            visits = v.visits, campaign = v.campaign, failures = v.failures, outcome = v.outcome,
            clone_bytes = v.clone_bytes, snapshot = v.snapshot, digest = v.digest, moved_to = v.moved_to, evidence = v.evidence
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            AS v (key, last_visit, visited_at, succeeded_at, retry_at, visits, campaign, failures, outcome, clone_bytes, snapshot, digest, moved_to, evidence)
        WHERE r.key = v.key
        """;

    private const string AppendSql =
        """
        INSERT INTO visit (place, repository, before, started_at, bytes_received, elapsed_ms, number, campaign, outcome, heads_before)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string AppendMoreSql =
        "INSERT INTO visit_more (place, objects, clone_bytes, retry_at, moved_to, error) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)";

    private const string CountSql =
        """
        INSERT INTO outcome_count AS c (shard, outcome, repositories) SELECT $1, o, n FROM unnest($2, $3) AS u (o, n)
        ON CONFLICT (outcome, shard) DO UPDATE SET repositories = c.repositories + excluded.repositories
        """;

    /// <summary>Adds repositories that were not there. Fails on one that another process added meanwhile.</summary>
    public static NpgsqlBatchCommand Add(HeldRepository[] added)
    {
        NpgsqlBatchCommand command = new(AddSql) { Parameters = { Keys(added), Of(Array.ConvertAll(added, r => r.State.Url.ToString())), Of(Array.ConvertAll(added, r => r.Number)) } };
        AddVisited(command, added, keys: false);
        AddHeads(command, added);
        return command;
    }

    /// <summary>Changes rows of which the heads stay.</summary>
    public static NpgsqlBatchCommand Update(HeldRepository[] visited)
    {
        NpgsqlBatchCommand command = new(VisitedSql);
        AddVisited(command, visited, keys: true);
        return command;
    }

    /// <summary>Changes whole rows.</summary>
    public static NpgsqlBatchCommand UpdateAll(HeldRepository[] changed)
    {
        NpgsqlBatchCommand command = new(ChangedSql);
        AddVisited(command, changed, keys: true);
        AddHeads(command, changed);
        return command;
    }

    /// <summary>Appends to the log.</summary>
    public static NpgsqlBatchCommand Append(VisitRow[] rows) => new(AppendSql)
    {
        Parameters =
        {
            Of(Array.ConvertAll(rows, r => r.Place)),
            Of(Array.ConvertAll(rows, r => r.Repository)),
            Of(Array.ConvertAll(rows, r => r.Before)),
            Of(Array.ConvertAll(rows, r => HeadTime.ToNumber(r.Visit.StartedAt))),
            Of(Array.ConvertAll(rows, r => r.Visit.BytesReceived)),
            // 24 days; longer than any visit is let be.
            Of(Array.ConvertAll(rows, r => (int)Math.Clamp(r.Visit.ElapsedMs, int.MinValue, int.MaxValue))),
            Of(Array.ConvertAll(rows, r => checked((int)r.Visit.Number))),
            Of(Array.ConvertAll(rows, r => (int)r.Visit.Campaign.Number)),
            Of(Array.ConvertAll(rows, r => (short)r.Visit.Outcome)),
            OfBytes(Array.ConvertAll(rows, r => r.HeadsBefore)),
        },
    };

    /// <summary>Appends what most visits do not have.</summary>
    public static NpgsqlBatchCommand AppendMore(VisitRow[] rows) => new(AppendMoreSql)
    {
        Parameters =
        {
            Of(Array.ConvertAll(rows, r => r.Place)),
            Of(Array.ConvertAll(rows, r => r.Visit.Objects)),
            Of(Array.ConvertAll(rows, r => r.Visit.CloneBytes)),
            Of(Array.ConvertAll(rows, r => HeadTime.ToNumber(r.Visit.RetryAt))),
            Of(Array.ConvertAll(rows, r => r.Visit.MovedTo?.ToString())),
            Of(Array.ConvertAll(rows, r => Text(r.Visit.Error))),
        },
    };

    /// <summary>Adds to the numbers of repositories by outcome (index: the outcome's number).</summary>
    public static NpgsqlBatchCommand Count(short shard, long[] changes)
    {
        short[] outcomes = [.. Enumerable.Range(0, changes.Length).Where(o => changes[o] != 0).Select(o => (short)o)];
        return new NpgsqlBatchCommand(CountSql) { Parameters = { Of(shard), Of(outcomes), Of(Array.ConvertAll(outcomes, o => changes[o])) } };
    }

    private static NpgsqlParameter Keys(HeldRepository[] repositories) => Of(Array.ConvertAll(repositories, r => r.Key));

    private static void AddVisited(NpgsqlBatchCommand command, HeldRepository[] repositories, bool keys)
    {
        if (keys)
        {
            command.Parameters.Add(Keys(repositories));
        }

        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => r.LastVisit)));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => r.State.Visit == 0 ? 0 : HeadTime.ToNumber(r.State.VisitedAt))));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => HeadTime.ToNumber(r.State.SucceededAt))));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => HeadTime.ToNumber(r.State.RetryAt))));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => checked((int)r.State.Visit))));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => (int)r.State.Campaign.Number)));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => r.State.Failures)));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => (short)r.State.Outcome)));
    }

    private static void AddHeads(NpgsqlBatchCommand command, HeldRepository[] repositories)
    {
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => r.State.CloneBytes)));
        command.Parameters.Add(OfBytes(Array.ConvertAll(repositories, r => r.State.Snapshot is { } id ? Bytes(id) : null)));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => r.State.Snapshot is null ? default(Guid?) : Key(r.State.Digest))));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => r.State.MovedTo?.ToString())));
        command.Parameters.Add(Of(Array.ConvertAll(repositories, r => r.State.Evidence.ToText())));
    }
}
