using System.Runtime.CompilerServices;
using Actors.Git.Remotes;
using Actors.Store.Campaigns.Postgres;
using Actors.Store.Heads;
using Actors.Store.Postgres;
using Npgsql;

namespace Actors.Store.Campaigns;

/// <summary>
/// Submitted campaigns in PostgreSQL, in the database and schema of the heads. Lost connections, fail-overs and deadlocks are retried
/// for about a minute, and nothing is done twice by that. Its tables are described in <c>src/Store/README.md</c>.
/// </summary>
public sealed partial class PostgresCampaignStore : ICampaignStore
{
    private readonly PostgresDatabase _database;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly CheckpointWriter _checkpoints;
    private readonly GroupQueue<CheckpointWork> _queue;

    private PostgresCampaignStore(PostgresDatabase database, TimeProvider clock, Random random)
    {
        (_database, _clock, _random) = (database, clock, random);
        _checkpoints = new CheckpointWriter(database, (short)random.Next(Limits.PostgresCountShards));

        // One lane: what one process writes while a commit is on its way goes with the next one.
        _queue = new GroupQueue<CheckpointWork>(1, Limits.CheckpointsTogetherMax, _ => 1, _checkpoints.WriteAsync);
    }

    /// <summary>Opens the database, and brings its schema up to date first.</summary>
    /// <param name="connectionString">As <see cref="PostgresHeadStore"/> takes it: the same as the heads'.</param>
    /// <param name="clock">Waits between attempts.</param>
    /// <param name="random">Spreads them, and claims over hosts.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <exception cref="PostgresStoreException">Unreachable, of a newer version, or a user without rights.</exception>
    /// <exception cref="ArgumentException">Not a connection string.</exception>
    public static async Task<PostgresCampaignStore> OpenAsync(string connectionString, TimeProvider clock, Random random, CancellationToken cancellationToken)
    {
        PostgresDatabase database = PostgresDatabase.Open(connectionString, clock, random);
        try
        {
            // Not retried: who opens wants to hear of a wrong address at once.
            await PostgresSchema.ApplyAsync(database.Source, cancellationToken).ConfigureAwait(false);
            return new PostgresCampaignStore(database, clock, random);
        }
        catch (Exception e)
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw CampaignFailure.IsOfDatabase(e) ? CampaignFailure.Describe(database, e) : e;
        }
    }

    public async IAsyncEnumerable<StoredCampaign> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int rowsPerPage = 100;
        List<StoredCampaign> page;
        long before = int.MaxValue;
        do
        {
            page = await RunAsync((source, cancellation) => StoredCampaignRows.PageAsync(source, before, rowsPerPage, cancellation), cancellationToken).ConfigureAwait(false);
            foreach (StoredCampaign campaign in page)
            {
                yield return campaign;
                before = campaign.Id.Number;
            }
        }
        while (page.Count == rowsPerPage);
    }

    public async Task<StoredCampaign?> FindAsync(CampaignId id, CancellationToken cancellationToken) => id.Number is <= 0 or > int.MaxValue
        ? null
        : (await RunAsync((source, cancellation) => StoredCampaignRows.PageAsync(source, id.Number + 1, 1, cancellation), cancellationToken).ConfigureAwait(false))
            .SingleOrDefault(c => c.Id == id);

    public async Task<CampaignStage?> SteerAsync(CampaignId id, CampaignStage wanted, CancellationToken cancellationToken)
    {
        if (wanted is not (CampaignStage.Running or CampaignStage.Paused or CampaignStage.Cancelled))
        {
            throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "A campaign is paused, resumed or cancelled.");
        }

        return id.Number is <= 0 or > int.MaxValue
            ? null
            : await RunAsync((source, cancellation) => StoredCampaignRows.SteerAsync(source, id, wanted, cancellation), cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken) => id.Number is > 0 and <= int.MaxValue
        && await RunAsync((source, cancellation) => StoredCampaignRows.SetPriorityAsync(source, id, priority, cancellation), cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<ClaimedChunk>> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Max <= 0 || request.PerHostMax <= 0)
        {
            return [];
        }

        long start;
        int salt;
        lock (_gate)
        {
            (start, salt) = (_random.NextInt64(), _random.Next());
        }

        return await RunAsync((source, cancellation) => ClaimRows.ClaimAsync(source, request, start, salt, cancellation), cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<HoldState>> RenewAsync(IReadOnlyList<ChunkHold> holds, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holds);
        return holds.Count == 0
            ? []
            : await RunAsync((source, cancellation) => ClaimRows.RenewAsync(source, holds, lease, cancellation), cancellationToken).ConfigureAwait(false);
    }

    public async Task<HoldState> CheckpointAsync(ChunkCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        cancellationToken.ThrowIfCancellationRequested();
        CheckpointWork work = new(checkpoint, cancellationToken);
        ObjectDisposedException.ThrowIf(!_queue.TryAdd(work), this);
        HoldState state = await work.Done.Task.ConfigureAwait(false);
        if (state != HoldState.Lost && checkpoint.Next == ChunkNext.Close)
        {
            // In a transaction of its own: two last chunks that are closed at once would not see each other.
            _ = await RunAsync((source, cancellation) => TidyRows.EndAsync(source, checkpoint.Hold.Campaign, cancellation), CancellationToken.None).ConfigureAwait(false);
        }

        return state;
    }

    public async Task<IReadOnlyList<HostBacklog>> CountBacklogAsync(CampaignId? campaign, int hostsMax, CancellationToken cancellationToken) =>
        await RunAsync((source, cancellation) => HostRows.CountBacklogAsync(source, campaign, hostsMax, cancellation), cancellationToken).ConfigureAwait(false);

    public Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken) =>
        RunAsync((source, cancellation) => HostRows.SaveAsync(source, [(host, until)], braked: true, cancellation), cancellationToken);

    public Task SilenceAsync(IReadOnlyList<(ForgeHost Host, DateTimeOffset? Until)> hosts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        return hosts.Count == 0 ? Task.CompletedTask : RunAsync((source, cancellation) => HostRows.SaveAsync(source, hosts, braked: false, cancellation), cancellationToken);
    }

    public async Task<IReadOnlyList<HostPause>> ListPausesAsync(CancellationToken cancellationToken) =>
        await RunAsync(HostRows.ListPausesAsync, cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<CampaignId>> TidyAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<CampaignId> ended = await RunAsync((source, cancellation) => TidyRows.EndAsync(source, null, cancellation), cancellationToken).ConfigureAwait(false);
        await RunAsync(TidyRows.AbandonAsync, cancellationToken).ConfigureAwait(false);
        while (await RunAsync(TidyRows.RemoveAsync, cancellationToken).ConfigureAwait(false))
        {
        }

        return ended;
    }

    /// <summary>Writes what waits and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Work that is harmless to repeat, until it succeeds or fails for good.</summary>
    private async Task<T> RunAsync<T>(Func<NpgsqlDataSource, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.Retries.RunAsync(
                async cancellation => await work(_database.Source, cancellation).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (CampaignFailure.IsOfDatabase(e))
        {
            throw CampaignFailure.Describe(_database, e);
        }
    }
}
