using Actors.Git.Remotes;

namespace Actors.Store.Heads.Sqlite;

/// <summary>The one connection that writes. A transaction takes in several batches; all of them or none are kept.</summary>
internal sealed class HeadWriter : IDisposable
{
    private readonly HeadConnection _connection;
    private readonly UrlCache _cache;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly HeadReader _reader;
    private readonly RepositoryWriter _repositories;

    /// <summary>Repositories that the open transaction added: known to all only when it is kept.</summary>
    private readonly Dictionary<RepositoryUrl, long> _added = [];

    public HeadWriter(HeadConnection connection, UrlCache cache)
    {
        (_connection, _cache) = (connection, cache);
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _reader = new HeadReader(connection);
        _repositories = new RepositoryWriter(connection);
    }

    public ForgeHostTable ForgeHosts => _reader.ForgeHosts;

    public CampaignTable Campaigns => _reader.Campaigns;

    public ScheduleTable Schedule => _reader.Schedule;

    public void Begin() => _begin.Run();

    public void Commit()
    {
        _reader.Outcomes.Flush();
        _commit.Run();
        foreach ((RepositoryUrl url, long number) in _added)
        {
            _cache.Keep(url, number);
        }

        _added.Clear();
    }

    public void Rollback()
    {
        _added.Clear();
        _reader.Outcomes.Forget();
        _reader.Repositories.EndScan();
        _connection.Rollback();
    }

    /// <summary>Records one visit. Its repository's row, the log and the counts change together.</summary>
    public void Record(Visit visit)
    {
        RepositoryRow? row = Find(visit.Url);
        RepositoryState before = row?.State ?? new RepositoryState { Url = visit.Url };
        RepositoryState after = before.After(visit);
        long? snapshot = visit.NewSnapshot is { } heads ? _reader.Snapshots.Add(heads, row?.SnapshotNumber) : row?.SnapshotNumber;
        Visit kept = visit.Kept(after.Visit, after.Snapshot);
        if (row is null)
        {
            // The log names the row and the row its last visit: the row is first, and told of the visit after.
            row = new RepositoryRow(_repositories.Add(after, snapshot, lastVisit: null), after, snapshot, LastVisit: null);
            _added[visit.Url] = row.Number;
            _reader.Outcomes.Added(after.Outcome);
        }
        else
        {
            _reader.Outcomes.Changed(before.Outcome, after.Outcome);
        }

        long place = _reader.Visits.Append(row.Number, kept, row.LastVisit, snapshot);
        _repositories.Update(row, after, snapshot, place);
    }

    public void Import(ImportedHeads heads) => _reader.Imported.Replace(NumberOf(heads.Url), heads);

    /// <summary>The number of a repository; adds it, never visited, where it is not known.</summary>
    public long NumberOf(RepositoryUrl url)
    {
        if (Find(url)?.Number is { } known)
        {
            return known;
        }

        RepositoryState state = new() { Url = url };
        long number = _repositories.Add(state, snapshotNumber: null, lastVisit: null);
        _added[url] = number;
        _reader.Outcomes.Added(state.Outcome);
        return number;
    }

    public void Dispose() => _reader.Dispose();

    private RepositoryRow? Find(RepositoryUrl url)
    {
        try
        {
            long? likely = _added.TryGetValue(url, out long added) ? added : _cache.Find(url);
            return likely is { } number ? _reader.Repositories.Read(number, url) : _reader.Repositories.Find(url, likely: null);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw _connection.Damaged(e);
        }
        finally
        {
            _reader.Repositories.EndScan();
        }
    }
}
