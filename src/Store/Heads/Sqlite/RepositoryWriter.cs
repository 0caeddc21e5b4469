using System.Text;
using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>Adds repositories and changes their state.</summary>
internal sealed class RepositoryWriter(HeadConnection connection)
{
    private readonly Statement _insert = connection.Prepare(
        """
        INSERT INTO repository (visits, last_visit, visited_at, outcome, campaign, succeeded_at, failures, retry_at, snapshot, snapshot_id, digest, clone_bytes, moved_to, evidence, url)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """);

    private readonly Statement _insertHash = connection.Prepare("INSERT INTO repository_url (hash, repository) VALUES (?1, ?2)");

    private readonly Statement _updateAll = connection.Prepare(
        """
        UPDATE repository SET visits = ?1, last_visit = ?2, visited_at = ?3, outcome = ?4, campaign = ?5, succeeded_at = ?6, failures = ?7, retry_at = ?8,
            snapshot = ?9, snapshot_id = ?10, digest = ?11, clone_bytes = ?12, moved_to = ?13, evidence = ?14 WHERE number = ?15
        """);

    private readonly Statement _updateVisited = connection.Prepare(
        """
        UPDATE repository SET visits = ?1, last_visit = ?2, visited_at = ?3, outcome = ?4, campaign = ?5, succeeded_at = ?6, failures = ?7, retry_at = ?8
        WHERE number = ?9
        """);

    /// <summary>Adds a repository that is not known, and gives its number.</summary>
    public long Add(RepositoryState state, long? snapshotNumber, long? lastVisit)
    {
        BindVisited(_insert, state, lastVisit);
        BindHeads(_insert, state, snapshotNumber);
        byte[] url = Encoding.UTF8.GetBytes(state.Url.ToString());
        _insert.BindText(15, url).Run();
        long number = connection.LastId;
        _insertHash.Bind(1, UrlKey.Of(url)).Bind(2, number).Run();
        return number;
    }

    /// <summary>Replaces the state of a row.</summary>
    public void Update(RepositoryRow before, RepositoryState after, long? snapshotNumber, long? lastVisit)
    {
        bool sameHeads = snapshotNumber == before.SnapshotNumber && after.Digest == before.State.Digest
            && after.CloneBytes == before.State.CloneBytes && after.MovedTo == before.State.MovedTo
            && after.Evidence == before.State.Evidence;
        Statement update = sameHeads ? _updateVisited : _updateAll;
        BindVisited(update, after, lastVisit);
        if (!sameHeads)
        {
            BindHeads(update, after, snapshotNumber);
        }

        update.Bind(sameHeads ? 9 : 15, before.Number).Run();
    }

    private static void BindVisited(Statement statement, RepositoryState state, long? lastVisit) => statement
        .Bind(1, state.Visit)
        .Bind(2, lastVisit)
        .Bind(3, state.Visit == 0 ? null : HeadTime.ToNumber(state.VisitedAt))
        .Bind(4, (long)state.Outcome)
        .Bind(5, state.Campaign.Number)
        .Bind(6, HeadTime.ToNumber(state.SucceededAt))
        .Bind(7, state.Failures)
        .Bind(8, HeadTime.ToNumber(state.RetryAt));

    private static void BindHeads(Statement statement, RepositoryState state, long? snapshotNumber)
    {
        _ = statement.Bind(9, snapshotNumber);
        if (state.Snapshot is { } id)
        {
            Span<byte> bytes = stackalloc byte[Git.Objects.Oid.Length];
            id.CopyTo(bytes);
            _ = statement.Bind(10, bytes);
            Digests.Write(state.Digest, bytes);
            _ = statement.Bind(11, bytes[..AdvertisementDigest.Length]);
        }
        else
        {
            _ = statement.BindNull(10).BindNull(11);
        }

        _ = statement.Bind(12, state.CloneBytes).Bind(13, state.MovedTo?.ToString()).Bind(14, state.Evidence.ToText());
    }
}
