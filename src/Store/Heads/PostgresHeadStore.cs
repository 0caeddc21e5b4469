using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Store.Heads.Postgres;
using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.Heads;

/// <summary>
/// The head database in PostgreSQL, for any number of processes at once. What callers of one process ask for or record at the
/// same time shares round trips and commits. Lost connections, fail-overs and deadlocks are retried for about a minute; no
/// visit is lost or recorded twice by them. Its tables are described in <c>src/Store/README.md</c>.
/// </summary>
public sealed partial class PostgresHeadStore : IHeadStore
{
    private const int RowsPerPage = 1000;

    private readonly PostgresDatabase _database;
    private readonly VisitWriter _writer;
    private readonly short _shard;
    private readonly GroupQueue<FindWork> _finds;
    private readonly GroupQueue<RecordWork> _records;

    private PostgresHeadStore(PostgresDatabase database, Guid writer, TimeSpan gather, TimeProvider clock)
    {
        (_database, _writer, _shard) = (database, new VisitWriter(database, writer), (short)(writer.ToByteArray()[0] % Limits.PostgresCountShards));
        _finds = new GroupQueue<FindWork>(Limits.PostgresFindLanes, Limits.PostgresUrlsTogetherMax, work => work.Urls.Count, FindTogetherAsync, gather, clock);
        // One lane: groups of one process never wait for each other's locks, and grow while one is being committed.
        _records = new GroupQueue<RecordWork>(1, Limits.PostgresVisitsTogetherMax, work => work.Visits.Count, RecordTogetherAsync, gather, clock);
    }

    /// <summary>Opens the database, and brings its schema up to date first.</summary>
    /// <param name="connectionString">As Npgsql takes it: <c>Host=…;Database=…;Username=…</c>. <c>Search Path</c> names the schema, else <c>actors</c>.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Spreads them.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="HeadStoreException">Unreachable, of a newer version, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static Task<PostgresHeadStore> OpenAsync(string connectionString, TimeProvider clock, Random random, CancellationToken cancellationToken) =>
        OpenAsync(connectionString, TimeSpan.Zero, clock, random, cancellationToken);

    /// <summary>As above, for one of many processes on one server.</summary>
    /// <param name="connectionString">As above.</param>
    /// <param name="gather">While many callers wait, each round trip waits so long for more of them: fewer and larger ones spare the server.</param>
    /// <param name="clock">Waits between attempts, and for callers.</param>
    /// <param name="random">Spreads attempts.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="HeadStoreException">Unreachable, of a newer version, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static async Task<PostgresHeadStore> OpenAsync(string connectionString, TimeSpan gather, TimeProvider clock, Random random, CancellationToken cancellationToken)
    {
        PostgresDatabase database = PostgresDatabase.Open(connectionString, clock, random);
        try
        {
            return await OpenAsync(database, gather, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw HeadFailure.IsOfDatabase(e) ? HeadFailure.Describe(database.Name, e) : e;
        }
    }

    public async ValueTask<IReadOnlyList<RepositoryState?>> FindAsync(IReadOnlyList<RepositoryUrl> urls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(urls);
        cancellationToken.ThrowIfCancellationRequested();
        FindWork work = new(urls, cancellationToken);
        ObjectDisposedException.ThrowIf(!_finds.TryAdd(work), this);
        return await work.Done.Task.ConfigureAwait(false);
    }

    public async ValueTask RecordAsync(IReadOnlyList<Visit> visits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visits);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (Visit visit in visits)
        {
            visit.Check();
        }

        RecordWork work = new(visits, cancellationToken);
        ObjectDisposedException.ThrowIf(!_records.TryAdd(work), this);
        await work.Done.Task.ConfigureAwait(false);
    }

    public async ValueTask<Snapshot?> ReadSnapshotAsync(SnapshotId id, CancellationToken cancellationToken)
    {
        if (id == SnapshotId.Empty)
        {
            return Snapshot.Empty;
        }

        Dictionary<SnapshotId, (Snapshot Snapshot, int Depth)> found =
            await RunAsync((source, cancellation) => SnapshotRows.ReadAsync(source, [id], cancellation), cancellationToken).ConfigureAwait(false);
        return found.TryGetValue(id, out (Snapshot Snapshot, int Depth) stored) ? stored.Snapshot : null;
    }

    public async IAsyncEnumerable<RepositoryState> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<(RepositoryState State, long Number)> page;
        long after = 0;
        do
        {
            page = await RunAsync((source, cancellation) => RepositoryLookup.PageAsync(source, after, RowsPerPage, cancellation), cancellationToken).ConfigureAwait(false);
            foreach ((RepositoryState state, long number) in page)
            {
                yield return state;
                after = number;
            }
        }
        while (page.Count == RowsPerPage);
    }

    public async IAsyncEnumerable<Visit> ListVisitsAsync(RepositoryUrl url, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (RepositoryState? state, long place) =
            await RunAsync((source, cancellation) => RepositoryLookup.FindWithLastVisitAsync(source, url, cancellation), cancellationToken).ConfigureAwait(false);
        SnapshotId? heads = state?.Snapshot;
        while (place != 0)
        {
            (long from, SnapshotId? after) = (place, heads);
            (List<Visit> visits, place, heads) =
                await RunAsync((source, cancellation) => VisitHistory.ReadAsync(source, url, from, after, RowsPerPage, cancellation), cancellationToken).ConfigureAwait(false);
            foreach (Visit visit in visits)
            {
                yield return visit;
            }
        }
    }

    public async ValueTask<IReadOnlyList<long>> CountByOutcomeAsync(CancellationToken cancellationToken) =>
        await RunAsync(OutcomeRows.ReadAsync, cancellationToken).ConfigureAwait(false);

    public async IAsyncEnumerable<ForgeHostState> ListForgeHostsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (ForgeHostState host in await RunAsync(ForgeHostRows.ListAsync, cancellationToken).ConfigureAwait(false))
        {
            yield return host;
        }
    }

    public async ValueTask SaveForgeHostAsync(ForgeHostState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentException.ThrowIfNullOrEmpty(state.Host.ToString());
        await RunAsync((source, cancellation) => ForgeHostRows.SaveAsync(source, state, cancellation), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask SaveProfilesAsync(IReadOnlyList<(ForgeHost Host, string Profile)> profiles, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        await RunAsync((source, cancellation) => ForgeHostRows.SaveProfilesAsync(source, profiles, cancellation), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CampaignState> BeginCampaignAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        // The number first: with it, adding the campaign twice adds it once.
        int number = await RunAsync(CampaignRows.DrawNumberAsync, cancellationToken).ConfigureAwait(false);
        return await RunAsync((source, cancellation) => CampaignRows.AddAsync(source, campaign, number, cancellation), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask SaveCampaignAsync(CampaignState campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        if (!await RunAsync((source, cancellation) => CampaignRows.SaveAsync(source, campaign, cancellation), cancellationToken).ConfigureAwait(false))
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
            page = await RunAsync((source, cancellation) => CampaignRows.PageAsync(source, before, RowsPerPage, cancellation), cancellationToken).ConfigureAwait(false);
            foreach (CampaignState campaign in page)
            {
                yield return campaign;
                before = campaign.Id.Number;
            }
        }
        while (page.Count == RowsPerPage);
    }

    public async ValueTask ImportAsync(IReadOnlyList<ImportedHeads> heads, CancellationToken cancellationToken)
    {
        ImportedHeads.Check(heads);
        if (heads.Count > 0)
        {
            await RunAsync((source, cancellation) => ImportedRows.ReplaceAsync(source, _shard, heads, cancellation), cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<ImportedHeads?> FindImportedAsync(RepositoryUrl url, CancellationToken cancellationToken) =>
        await RunAsync((source, cancellation) => ImportedRows.FindAsync(source, url, cancellation), cancellationToken).ConfigureAwait(false);

    /// <summary>Finishes what waits and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _finds.DisposeAsync().ConfigureAwait(false);
        await _records.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }
}
