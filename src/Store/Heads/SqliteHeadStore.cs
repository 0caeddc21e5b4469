using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Store.Heads.Sqlite;

namespace Actors.Store.Heads;

/// <summary>
/// The head database in one SQLite file (write-ahead log, each batch on disk before it is done). One process writes, as the
/// object store's lock sees to; any number read meanwhile. Its tables are described in <c>src/Store/README.md</c>.
/// </summary>
public sealed partial class SqliteHeadStore : IHeadStore
{
    private const int RowsPerPage = 500;

    private readonly UrlCache _cache;
    private readonly ReaderPool _readers;
    private readonly WriteQueue? _writes;

    private SqliteHeadStore(string path, UrlCache cache, WriteQueue? writes) =>
        (_cache, _readers, _writes) = (cache, new ReaderPool(path), writes);

    /// <summary>Opens the database for reading and writing; makes it, or brings an older version up to date, first.</summary>
    /// <param name="path">The file. Its folder exists.</param>
    /// <exception cref="HeadStoreException">Damaged, of a newer version, another program's, or held by another process.</exception>
    public static SqliteHeadStore Open(string path) => Open(path, Schema.Scripts);

    /// <summary>Opens a database that exists for reading only, while another process may write; every write throws <see cref="InvalidOperationException"/>.</summary>
    /// <exception cref="HeadStoreException">Missing, damaged, of another version, or another program's.</exception>
    public static SqliteHeadStore OpenForReading(string path)
    {
        using HeadConnection connection = HeadConnection.OpenReader(path);
        return Schema.IsCurrent(connection, Schema.Scripts)
            ? new SqliteHeadStore(path, new UrlCache(), writes: null)
            : throw new HeadStoreException(path, "The head database has an older version: open it once for writing");
    }

    internal static SqliteHeadStore Open(string path, IReadOnlyList<string> scripts)
    {
        HeadConnection connection = HeadConnection.OpenWriter(path);
        try
        {
            // First a look, so that nothing of another program's database is changed.
            _ = Schema.IsCurrent(connection, scripts);
            connection.UseLog();
            Schema.Upgrade(connection, scripts);
            UrlCache cache = new();
            return new SqliteHeadStore(path, cache, new WriteQueue(new HeadWriter(connection, cache)));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask<IReadOnlyList<RepositoryState?>> FindAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        return _readers.ReadAsync<IReadOnlyList<RepositoryState?>>(reader => Find(reader.Repositories, urls), cancellationToken);
    }

    public async ValueTask RecordAsync(IReadOnlyList<Visit> visits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visits);
        foreach (Visit visit in visits)
        {
            visit.Check();
        }

        await WriteAsync(
            writer =>
            {
                foreach (Visit visit in visits)
                {
                    writer.Record(visit);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<Snapshot?> ReadSnapshotAsync(SnapshotId id, CancellationToken cancellationToken) => _readers.ReadAsync(
        reader => id == SnapshotId.Empty ? Snapshot.Empty : reader.Snapshots.Find(id) is { } number ? reader.Snapshots.Read(number) : null,
        cancellationToken);

    public async IAsyncEnumerable<RepositoryState> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Page by page: one long read would keep the log from being checkpointed.
        List<RepositoryRow> page;
        long after = 0;
        do
        {
            page = await _readers.ReadAsync(reader => reader.Repositories.Page(after, RowsPerPage), cancellationToken).ConfigureAwait(false);
            foreach (RepositoryRow row in page)
            {
                yield return row.State;
                after = row.Number;
            }
        }
        while (page.Count == RowsPerPage);
    }

    public async IAsyncEnumerable<Visit> ListVisitsAsync(RepositoryUrl url, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? place = await _readers.ReadAsync(reader => reader.Repositories.Find(url, _cache.Find(url))?.LastVisit, cancellationToken).ConfigureAwait(false);
        while (place is not null)
        {
            long from = place.Value;
            (List<Visit> visits, place) = await _readers.ReadAsync(reader => reader.Visits.Read(url, from, RowsPerPage), cancellationToken).ConfigureAwait(false);
            foreach (Visit visit in visits)
            {
                yield return visit;
            }
        }
    }

    public ValueTask<IReadOnlyList<long>> CountByOutcomeAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync<IReadOnlyList<long>>(reader => reader.Outcomes.Read(), cancellationToken);

    public async IAsyncEnumerable<ForgeHostState> ListForgeHostsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ForgeHostState host in await _readers.ReadAsync(reader => reader.ForgeHosts.List(), cancellationToken).ConfigureAwait(false))
        {
            yield return host;
        }
    }

    public ValueTask SaveForgeHostAsync(ForgeHostState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentException.ThrowIfNullOrEmpty(state.Host.ToString());
        return WriteAsync(writer => writer.ForgeHosts.Save(state), cancellationToken);
    }

    public ValueTask SaveProfilesAsync(IReadOnlyList<(ForgeHost Host, string Profile)> profiles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        return WriteAsync(writer => writer.ForgeHosts.SaveProfiles(profiles), cancellationToken);
    }

    public ValueTask<CampaignState> BeginCampaignAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        return Writes.WriteAsync(writer => writer.Campaigns.Add(campaign), cancellationToken);
    }

    public async ValueTask SaveCampaignAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        if (!await Writes.WriteAsync(writer => writer.Campaigns.Save(campaign), cancellationToken).ConfigureAwait(false))
        {
            throw new ArgumentException($"There is no campaign {campaign.Id}.", nameof(campaign));
        }
    }

    public async IAsyncEnumerable<CampaignState> ListCampaignsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<CampaignState> page;
        long before = long.MaxValue;
        do
        {
            page = await _readers.ReadAsync(reader => reader.Campaigns.Page(before, RowsPerPage), cancellationToken).ConfigureAwait(false);
            foreach (CampaignState campaign in page)
            {
                yield return campaign;
                before = campaign.Id.Number;
            }
        }
        while (page.Count == RowsPerPage);
    }

    public ValueTask ImportAsync(IReadOnlyList<ImportedHeads> heads, CancellationToken cancellationToken)
    {
        ImportedHeads.Check(heads);
        return WriteAsync(
            writer =>
            {
                foreach (ImportedHeads imported in heads)
                {
                    writer.Import(imported);
                }
            },
            cancellationToken);
    }

    public ValueTask<ImportedHeads?> FindImportedAsync(RepositoryUrl url, CancellationToken cancellationToken) => _readers.ReadAsync(
        reader => reader.Repositories.Find(url, _cache.Find(url)) is { } row ? reader.Imported.Find(row.Number, url) : null,
        cancellationToken);

    /// <summary>Finishes what waits and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
        if (_writes is not null)
        {
            await _writes.DisposeAsync().ConfigureAwait(false);
        }
    }

    private WriteQueue Writes => _writes ?? throw new InvalidOperationException("The head database was opened for reading.");

    private RepositoryState?[] Find(RepositoryTable repositories, IReadOnlyList<RepositoryUrl> urls)
    {
        RepositoryState?[] states = new RepositoryState?[urls.Count];
        for (int i = 0; i < states.Length; i++)
        {
            if (repositories.Find(urls[i], _cache.Find(urls[i])) is { } row)
            {
                states[i] = row.State;
                _cache.Keep(urls[i], row.Number);
            }
        }

        return states;
    }

    private async ValueTask WriteAsync(Action<HeadWriter> action, CancellationToken cancellationToken) => _ = await Writes.WriteAsync(
        writer =>
        {
            action(writer);
            return true;
        },
        cancellationToken).ConfigureAwait(false);
}
