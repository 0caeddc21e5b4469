using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Store.Postgres;
using Actors.Store.Tests.Heads.Postgres;
using Actors.TestKit.Servers;
using Npgsql;
using Xunit;
using static Actors.Store.Tests.Campaigns.CampaignExamples;

namespace Actors.Store.Tests.Campaigns.Postgres;

/// <summary>Several processes on one database; connections that break at the worst moment; what time removes.</summary>
public sealed class CampaignSharingTests(SharedPostgres shared) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private PostgresServer? _server;
    private string _connection = "";
    private PostgresCampaignStore? _store;

    private PostgresCampaignStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _server = await shared.StartAsync(Assert.Skip);
        _connection = await CampaignDatabase.CreateAsync(_server);
        _store = await CampaignDatabase.OpenAsync(_connection);
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;

    [Fact]
    public async Task Processes_that_claim_at_once_never_share_a_chunk()
    {
        await using PostgresCampaignStore other = await CampaignDatabase.OpenAsync(_connection, seed: 2);
        await Store.SubmitAsync(List(("one.example", 900), ("two.example", 300)));
        IReadOnlyList<ClaimedChunk>[] claims = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Task.Run(() => (n % 2 == 0 ? Store : other).ClaimAsync(max: 7, perHostMax: 4))));
        List<int> chunks = [.. claims.SelectMany(c => c).Select(c => c.Hold.Chunk)];
        Assert.Equal(chunks.Count, chunks.Distinct().Count());
        chunks.AddRange((await Store.ClaimAsync()).Select(c => c.Hold.Chunk));
        Assert.Equal(Enumerable.Range(1, 120), chunks.Order());
    }

    [Fact]
    public async Task Checkpoints_of_many_at_once_are_all_counted_and_the_last_one_ends_the_campaign()
    {
        await using PostgresCampaignStore other = await CampaignDatabase.OpenAsync(_connection, seed: 2);
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 600), ("two.example", 300)));
        IReadOnlyList<ClaimedChunk> chunks = await Store.ClaimAsync();
        HoldState[] states = await Task.WhenAll(chunks.Select((chunk, n) => Task.Run(async () =>
        {
            ICampaignStore store = n % 2 == 0 ? Store : other;
            await store.CheckpointAsync(chunk.Checkpoint(1, 5), None);
            return await store.CheckpointAsync(chunk.Close(2, before: 5), None);
        })));
        Assert.All(states, s => Assert.Equal(HoldState.Held, s));
        StoredCampaign end = (await other.FindAsync(campaign.Id, None))!;
        Assert.Equal((CampaignStage.Done, 900), (end.Stage, end.Counts.Outcomes.Sum()));
        Assert.Equal(900, (await Store.ReadReportAsync(campaign.Id)).Select(r => r.Text).Distinct().Count());
    }

    [Fact]
    public async Task Readers_at_once_see_one_report_while_it_is_written()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 600)));
        IReadOnlyList<ClaimedChunk> chunks = await Store.ClaimAsync();
        Task writing = Task.WhenAll(chunks.Select(c => Store.CheckpointAsync(c.Close(), None)));
        List<(long Number, string Text)>[] reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            List<(long Number, string Text)> all = [];
            while (all.Count < 600)
            {
                all.AddRange(await Store.ReadReportAsync(campaign.Id, all.Count));
            }

            return all;
        })));
        await writing;
        Assert.All(reports, r => Assert.Equal(reports[0], r));
        Assert.Equal(Enumerable.Range(1, 600).Select(n => (long)n), reports[0].Select(l => l.Number));
    }

    [Fact]
    public async Task A_part_of_a_report_that_is_committed_late_is_not_missed()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 20)), options: new SubmissionOptions { ChunkMin = 10 });
        IReadOnlyList<ClaimedChunk> chunks = await Store.ClaimAsync();
        await using NpgsqlConnection late = new(_connection + ";Pooling=false;Search Path=actors");
        await late.OpenAsync();
        await using NpgsqlTransaction transaction = await late.BeginTransactionAsync();
        await using (NpgsqlCommand insert = new("INSERT INTO campaign_report (campaign, lines, body) VALUES ($1, 1, $2)", late, transaction))
        {
            insert.Parameters.Add(new() { Value = (int)campaign.Id.Number });
            insert.Parameters.Add(new() { Value = ChunkLines.PackReport(["late"u8.ToArray()]) });
            await insert.ExecuteNonQueryAsync();
        }

        await Store.CheckpointAsync(chunks[0].Close(), None);
        Assert.Equal(10, (await Store.ReadReportAsync(campaign.Id)).Count);
        await transaction.CommitAsync();
        Assert.Equal([(11, "late")], await Store.ReadReportAsync(campaign.Id, after: 10));
    }

    [Theory]
    [InlineData(CuttingProxy.Moment.BeforeServer)]
    [InlineData(CuttingProxy.Moment.AfterAnswer)]
    [InlineData(CuttingProxy.Moment.WhileServerWorks)]
    public async Task A_connection_that_is_cut_around_a_write_writes_it_once(CuttingProxy.Moment moment)
    {
        await using CuttingProxy proxy = new(_server!.Port);
        await using PostgresCampaignStore store = await CampaignDatabase.OpenAsync(new NpgsqlConnectionStringBuilder(_connection) { Port = proxy.Port }.ConnectionString);
        Task cut = proxy.CutWhenAsync("SET parts ="u8.ToArray(), moment);
        StoredCampaign campaign = await store.SubmitAsync([.. List(("one.example", 10)), new SubmittedLine(11, default, "bad"u8.ToArray())]);
        await cut;
        Assert.Equal((CampaignStage.Running, 10, 1), (campaign.Stage, campaign.Repositories, campaign.Rejected));
        ClaimedChunk chunk = Assert.Single(await store.ClaimAsync());

        cut = proxy.CutWhenAsync("left_over ="u8.ToArray(), moment);
        Assert.Equal(HoldState.Held, await store.CheckpointAsync(chunk.Checkpoint(1, 4), None));
        await cut;
        Assert.Equal(HoldState.Held, await store.CheckpointAsync(chunk.Close(2, before: 4), None));
        StoredCampaign end = (await Store.FindAsync(campaign.Id, None))!;
        Assert.Equal((CampaignStage.Done, 10), (end.Stage, end.Counts.Outcomes.Sum()));
        Assert.Equal(11, (await Store.ReadReportAsync(campaign.Id)).Count);
    }

    [Fact]
    public async Task A_submission_that_is_silent_for_hours_is_given_up_and_swept()
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<StoredCampaign> submission = Store.SubmitAsync(new NewCampaign("", 0), LinesAsync(), new SubmissionOptions { ChunkMin = 1, ChunkMax = 1 }, None);
        await reached.Task;
        StoredCampaign fresh = await Store.SubmitAsync(List(("two.example", 10)));
        Assert.Empty(await Store.TidyAsync(None));
        Assert.Equal(2, (await Store.ListAsync(None).ToListAsync()).Count);

        await HeadDatabase.ScalarAsync(_connection, "UPDATE submitted_campaign SET seen_at = now() - interval '7 hours' WHERE stage = 0");
        await Store.TidyAsync(None);
        Assert.Equal([fresh.Id], (await Store.ListAsync(None).ToListAsync()).Select(c => c.Id));
        Assert.Equal(1L, await HeadDatabase.ScalarAsync(_connection, "SELECT count(*) FROM campaign_chunk"));
        Assert.Equal(0L, await HeadDatabase.ScalarAsync(_connection, "SELECT count(*) FROM campaign_report"));
        more.SetResult();
        PostgresStoreException refused = await Assert.ThrowsAsync<PostgresStoreException>(() => submission);
        Assert.Contains("was given up", refused.Message, StringComparison.Ordinal);

        async IAsyncEnumerable<SubmittedLine> LinesAsync()
        {
            foreach (SubmittedLine line in List(("one.example", 2000)))
            {
                yield return line;
                yield return new SubmittedLine(line.Number, default, "no"u8.ToArray());
            }

            reached.SetResult();
            await more.Task;
        }
    }

    [Fact]
    public async Task The_chunks_of_a_campaign_that_ended_a_day_ago_go_and_its_counts_and_report_stay()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 10)));
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync());
        await Store.CheckpointAsync(chunk.Close(), None);
        await Store.TidyAsync(None);
        Assert.Equal(1L, await HeadDatabase.ScalarAsync(_connection, "SELECT count(*) FROM campaign_chunk"));
        await HeadDatabase.ScalarAsync(_connection, "UPDATE submitted_campaign SET ended_at = now() - interval '25 hours'");
        await Store.TidyAsync(None);
        Assert.Equal(0L, await HeadDatabase.ScalarAsync(_connection, "SELECT count(*) FROM campaign_chunk"));
        Assert.Equal(10, (await Store.FindAsync(campaign.Id, None))!.Counts.Outcomes.Sum());
        Assert.Equal(10, (await Store.ReadReportAsync(campaign.Id)).Count);
    }

    [Fact]
    public async Task A_campaign_whose_last_checkpoint_was_not_followed_by_its_end_is_ended_by_tidying()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 10)));
        await Store.CheckpointAsync((await Store.ClaimAsync())[0].Close(), None);
        await HeadDatabase.ScalarAsync(_connection, "UPDATE submitted_campaign SET stage = 1, ended_at = NULL");
        Assert.Equal([campaign.Id], await Store.TidyAsync(None));
        Assert.Equal(CampaignStage.Done, (await Store.FindAsync(campaign.Id, None))!.Stage);
    }

    [Fact]
    public async Task A_campaign_has_a_number_that_no_campaign_of_the_heads_has()
    {
        await using PostgresHeadStore heads = await HeadDatabase.OpenAsync(_connection);
        CampaignState local = await heads.BeginCampaignAsync(new CampaignState { Key = "list", StartedAt = DateTimeOffset.UnixEpoch }, None);
        StoredCampaign submitted = await Store.SubmitAsync([]);
        Assert.Equal(local.Id.Number + 1, submitted.Id.Number);
    }
}
