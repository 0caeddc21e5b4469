namespace Actors.Store.Heads.Sqlite;

/// <summary>A connection with the statements that read.</summary>
internal sealed class HeadReader : IDisposable
{
    private readonly HeadConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _end;

    public HeadReader(HeadConnection connection)
    {
        _connection = connection;
        _begin = connection.Prepare("BEGIN");
        _end = connection.Prepare("COMMIT");
        Repositories = new RepositoryTable(connection);
        Snapshots = new SnapshotTable(connection);
        Visits = new VisitLog(connection);
        Outcomes = new OutcomeCounts(connection);
        Imported = new ImportedTable(connection);
        ForgeHosts = new ForgeHostTable(connection);
        Campaigns = new CampaignTable(connection);
        Schedule = new ScheduleTable(connection);
    }

    public RepositoryTable Repositories { get; }

    public SnapshotTable Snapshots { get; }

    public VisitLog Visits { get; }

    public OutcomeCounts Outcomes { get; }

    public ImportedTable Imported { get; }

    public ForgeHostTable ForgeHosts { get; }

    public CampaignTable Campaigns { get; }

    public ScheduleTable Schedule { get; }

    /// <summary>One state of the database for all that <paramref name="read"/> reads.</summary>
    public T Read<T>(Func<HeadReader, T> read)
    {
        _begin.Run();
        try
        {
            return read(this);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            _connection.ResetAll();
            throw _connection.Damaged(e);
        }
        catch
        {
            _connection.ResetAll();
            throw;
        }
        finally
        {
            Repositories.EndScan();
            if (_connection.InTransaction)
            {
                _end.Run();
            }
        }
    }

    public void Dispose() => _connection.Dispose();
}
