using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>
/// The log of visits. Appended to only: a table in order of repositories would be rewritten from one end to the other by
/// each campaign (measured: 0.1 kB written a visit by the log; the table 0.5 kB at eight visits a repository visited in
/// order, 9 kB in random order). A repository's visits are a chain, newest first.
/// </summary>
internal sealed class VisitLog(HeadConnection connection)
{
    private readonly Statement _append = connection.Prepare(
        "INSERT INTO visit (repository, number, before, started_at, elapsed_ms, outcome, campaign, snapshot, bytes_received) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

    private readonly Statement _appendMore = connection.Prepare(
        "INSERT INTO visit_more (visit, objects, clone_bytes, retry_at, moved_to, error) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    private readonly Statement _read = connection.Prepare(
        """
        SELECT v.number, v.before, v.started_at, v.elapsed_ms, v.outcome, v.campaign, s.id, v.bytes_received, m.objects, m.clone_bytes, m.retry_at, m.moved_to, m.error, v.repository
        FROM visit v LEFT JOIN visit_more m ON m.visit = v.place LEFT JOIN snapshot s ON s.number = v.snapshot WHERE v.place = ?1
        """);

    /// <summary>Appends a visit, as it is kept, and gives its place.</summary>
    public long Append(long repository, Visit visit, long? before, long? snapshotNumber)
    {
        _append.Bind(1, repository).Bind(2, visit.Number).Bind(3, before).Bind(4, HeadTime.ToNumber(visit.StartedAt)).Bind(5, visit.ElapsedMs)
            .Bind(6, (long)visit.Outcome).Bind(7, visit.Campaign.Number).Bind(8, snapshotNumber).Bind(9, visit.BytesReceived).Run();
        long place = connection.LastId;
        if (visit is not { Objects: 0, CloneBytes: null, RetryAt: null, MovedTo: null, Error: null })
        {
            _appendMore.Bind(1, place).Bind(2, visit.Objects).Bind(3, visit.CloneBytes).Bind(4, HeadTime.ToNumber(visit.RetryAt))
                .Bind(5, visit.MovedTo?.ToString()).Bind(6, visit.Error).Run();
        }

        return place;
    }

    /// <summary>Up to <paramref name="visitsMax"/> visits of a repository from <paramref name="place"/> back, and the place to go on at.</summary>
    public (List<Visit> Visits, long? Next) Read(RepositoryUrl url, long? place, int visitsMax)
    {
        List<Visit> visits = [];
        while (place is { } at && visits.Count < visitsMax)
        {
            if (!_read.Bind(1, at).Step())
            {
                _read.Reset();
                throw new HeadStoreException(connection.Path, $"The head database is damaged: visit {at} is missing");
            }

            visits.Add(Row(_read, url));
            place = _read.NumberOrNull(1);
            _read.Reset();
        }

        return (visits, place);
    }

    private static Visit Row(Statement row, RepositoryUrl url) => new()
    {
        Url = url,
        Number = row.Number(0),
        StartedAt = HeadTime.FromNumber(row.Number(2)),
        ElapsedMs = row.Number(3),
        Outcome = (Outcome)row.Number(4),
        Campaign = new CampaignId(row.Number(5)),
        Snapshot = row.IsNull(6) ? null : SnapshotId.FromBytes(row.Bytes(6)),
        BytesReceived = row.Number(7),
        Objects = row.Number(8),
        CloneBytes = row.NumberOrNull(9),
        RetryAt = HeadTime.FromNumber(row.NumberOrNull(10)),
        MovedTo = row.Text(11) is { } movedTo ? RepositoryUrl.Parse(movedTo) : null,
        Error = row.Text(12),
    };
}
