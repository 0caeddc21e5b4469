using System.Text;
using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Xunit;
using static Actors.Store.Tests.Campaigns.CampaignExamples;

namespace Actors.Store.Tests.Campaigns;

/// <summary>What every campaign store does.</summary>
public abstract partial class CampaignStoreConformance : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract ICampaignStore Store { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Lets all leases and waits of chunks pass.</summary>
    protected abstract Task ExpireAsync();

    [Fact]
    public async Task A_list_is_cut_into_chunks_of_one_host_that_have_every_repository_once()
    {
        List<SubmittedLine> lines = [.. List(("one.example", 300), ("two.example", 40), ("three.example", 9))];
        StoredCampaign campaign = await Store.SubmitAsync(lines, options: new SubmissionOptions { ChunkMax = 50, ChunkMin = 50 });
        Assert.Equal((CampaignStage.Running, 349, 349, 0, 0), (campaign.Stage, campaign.Lines, campaign.Repositories, campaign.Duplicates, campaign.Rejected));
        Assert.Equal("order", campaign.Order);
        Assert.Null(campaign.EndedAt);

        IReadOnlyList<ClaimedChunk> chunks = await Store.ClaimAsync();
        Assert.Equal(lines.Select(l => (l.Number, l.Url)), chunks.SelectMany(c => c.Lines).Select(l => (l.Number, l.Url)).OrderBy(l => l.Number));
        Assert.All(chunks, c => Assert.InRange(c.Lines.Count, 1, 50));
        Assert.All(chunks, c => Assert.All(c.Lines, l => Assert.Equal(c.Host, l.Url.Host)));
        Assert.All(chunks, c => Assert.Equal((campaign.Id, 1, 0), (c.Hold.Campaign, c.Hold.Claim, c.Attempts)));
        Assert.All(chunks, c => Assert.Equal(new byte[(c.Lines.Count + 7) / 8], c.Done.ToArray()));
        Assert.Equal(chunks.Count, chunks.Select(c => c.Hold.Chunk).Distinct().Count());
    }

    [Fact]
    public async Task Hosts_with_few_repositories_share_chunks()
    {
        (string, int)[] hosts = [.. Enumerable.Range(0, 100).Select(n => ($"host{n}.example", 1 + (n % 3))), ("large.example", 60)];
        await Store.SubmitAsync(List(hosts), options: new SubmissionOptions { ChunkMin = 100, ChunkMax = 100, HostMin = 8 });
        IReadOnlyList<ClaimedChunk> shared = await Store.ClaimAsync(wanted: [Many]);
        Assert.InRange(shared.Count, 2, 4);
        Assert.All(shared, c => Assert.Null(c.Host));
        Assert.Equal(199, shared.Sum(c => c.Lines.Count));
        ClaimedChunk large = Assert.Single(await Store.ClaimAsync());
        Assert.Equal(("large.example", 60), (large.Host.ToString(), large.Lines.Count));
    }

    [Fact]
    public async Task Chunks_of_a_small_list_are_small_so_that_many_can_share_it()
    {
        await Store.SubmitAsync(List(("one.example", 2000)));
        Assert.Equal(200, (await Store.ClaimAsync()).Count);
    }

    [Fact]
    public async Task A_repository_that_is_named_again_is_in_the_list_once_and_rejected_lines_are_in_the_report()
    {
        SubmittedLine[] lines =
        [
            new(1, Url("one.example", 1)), new(2, default, "bad 2"u8.ToArray()), new(3, Url("one.example", 2)), new(4, Url("one.example", 1)),
            new(5, default), new(6, default, "bad 6"u8.ToArray()), new(7, Url("one.example", 1)), new(8, default),
        ];
        StoredCampaign campaign = await Store.SubmitAsync(lines);
        Assert.Equal((8, 2, 2, 2), (campaign.Lines, campaign.Repositories, campaign.Duplicates, campaign.Rejected));
        Assert.Equal([new ChunkLine(1, Url("one.example", 1)), new ChunkLine(3, Url("one.example", 2))], (await Store.ClaimAsync()).SelectMany(c => c.Lines));
        Assert.Equal([(1, "bad 2"), (2, "bad 6")], await Store.ReadReportAsync(campaign.Id));
    }

    [Theory]
    [InlineData(48 * 100)]
    [InlineData(48 * 1000)]
    public async Task Repetitions_are_found_in_a_list_that_memory_does_not_hold(long memoryMax)
    {
        Random random = new(1);
        List<SubmittedLine> lines = [.. Enumerable.Range(1, 5000).Select(n => new SubmittedLine(n, Url($"host{random.Next(40)}.example", random.Next(60))))];
        StoredCampaign campaign = await Store.SubmitAsync(lines, options: new SubmissionOptions { MemoryMax = memoryMax, HostMin = 4 });
        IReadOnlyList<ClaimedChunk> chunks = await Store.ClaimAsync();
        Dictionary<RepositoryUrl, long> firsts = lines.GroupBy(l => l.Url).ToDictionary(g => g.Key, g => g.Min(l => l.Number));
        Assert.Equal((firsts.Count, 5000 - firsts.Count), (campaign.Repositories, campaign.Duplicates));
        Assert.Equal(firsts.Select(f => (f.Value, f.Key)).OrderBy(l => l.Value), chunks.SelectMany(c => c.Lines).Select(l => (l.Number, l.Url)).OrderBy(l => l.Number));
        Assert.All(chunks, c => Assert.True(c.Host is null || c.Lines.All(l => l.Url.Host == c.Host)));
    }

    [Fact]
    public async Task An_empty_list_is_done_at_once()
    {
        StoredCampaign campaign = await Store.SubmitAsync([new SubmittedLine(1, default, "no"u8.ToArray())]);
        Assert.Equal((CampaignStage.Done, 1, 0, 1), (campaign.Stage, campaign.Lines, campaign.Repositories, campaign.Rejected));
        Assert.NotNull(campaign.EndedAt);
        Assert.Single(await Store.ReadReportAsync(campaign.Id));
    }

    [Fact]
    public async Task Nothing_of_a_list_is_claimed_before_its_last_line_and_nothing_stays_of_one_that_is_given_up()
    {
        TaskCompletionSource more = new();
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenSource cancel = new();
        Task<StoredCampaign> submission = Store.SubmitAsync(new NewCampaign("order", 0), LinesAsync(), new SubmissionOptions { ChunkMin = 10, ChunkMax = 10 }, cancel.Token);
        await reached.Task;
        StoredCampaign seen = Assert.Single(await Store.ListAsync(None).ToListAsync());
        Assert.Equal((CampaignStage.Submitting, false), (seen.Stage, submission.IsCompleted));
        Assert.Equal(CampaignStage.Submitting, await Store.SteerAsync(seen.Id, CampaignStage.Paused, None));
        Assert.Empty(await Store.ClaimAsync());
        await cancel.CancelAsync();
        more.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => submission);
        Assert.Null(await Store.FindAsync(seen.Id, None));
        Assert.Empty(await Store.ListAsync(None).ToListAsync());
        Assert.Empty(await Store.ReadReportAsync(seen.Id));
        Assert.Empty(await Store.ClaimAsync());

        async IAsyncEnumerable<SubmittedLine> LinesAsync()
        {
            foreach (SubmittedLine line in List(("one.example", 10_000)))
            {
                yield return line;
                yield return line with { Url = default, Rejection = "no"u8.ToArray() };
            }

            reached.SetResult();
            await more.Task;
        }
    }

    [Fact]
    public async Task A_claimed_chunk_is_nobody_else_s_until_its_lease_ends()
    {
        await Store.SubmitAsync(List(("one.example", 10)));
        ClaimedChunk first = Assert.Single(await Store.ClaimAsync());
        Assert.Empty(await Store.ClaimAsync());
        await ExpireAsync();
        ClaimedChunk second = Assert.Single(await Store.ClaimAsync());
        Assert.Equal((first.Hold.Chunk, 2, 1), (second.Hold.Chunk, second.Hold.Claim, second.Attempts));
        Assert.Equal(first.Lines, second.Lines);
    }

    [Fact]
    public async Task A_checkpoint_of_who_lost_its_claim_changes_nothing()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 10)));
        ClaimedChunk first = Assert.Single(await Store.ClaimAsync());
        await ExpireAsync();
        ClaimedChunk second = Assert.Single(await Store.ClaimAsync());
        Assert.Equal(HoldState.Lost, await Store.CheckpointAsync(first.Checkpoint(1, 5), None));
        Assert.Equal(HoldState.Lost, await Store.CheckpointAsync(first.Close(), None));
        Assert.Equal([HoldState.Lost, HoldState.Held], await Store.RenewAsync([first.Hold, second.Hold], Lease, None));
        StoredCampaign unchanged = (await Store.FindAsync(campaign.Id, None))!;
        Assert.Equal((CampaignStage.Running, 0, 0), (unchanged.Stage, unchanged.Counts.Outcomes.Sum(), unchanged.Counts.Requests));
        Assert.Empty(await Store.ReadReportAsync(campaign.Id));
        await ExpireAsync();
        Assert.Equal(new byte[2], Assert.Single(await Store.ClaimAsync()).Done.ToArray());
    }

    [Fact]
    public async Task What_a_checkpoint_says_is_there_for_the_next_claim_the_counts_and_the_report()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 10)));
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync());
        Assert.Equal(HoldState.Held, await Store.CheckpointAsync(chunk.Checkpoint(1, 3), None));
        Assert.Equal(HoldState.Held, await Store.CheckpointAsync(chunk.Checkpoint(2, 9, before: 3), None));
        await ExpireAsync();
        ClaimedChunk again = Assert.Single(await Store.ClaimAsync());
        Assert.Equal([0xff, 0x01], again.Done.ToArray());
        StoredCampaign found = (await Store.FindAsync(campaign.Id, None))!;
        Assert.Equal([0, 0, 0, 9], found.Counts.Outcomes);
        Assert.Equal((9, 900, 0, 0, 0), (found.Counts.Requests, found.Counts.BytesReceived, found.Counts.Objects, found.Counts.Skipped, found.Counts.BytesSaved));
        Assert.Equal(chunk.Lines.Take(9).Select((l, n) => (n + 1L, l.Url.ToString())), await Store.ReadReportAsync(campaign.Id));

        Assert.Equal(HoldState.Held, await Store.CheckpointAsync(again.Checkpoint(1, 10, before: 9, ChunkNext.Close), None));
        found = (await Store.FindAsync(campaign.Id, None))!;
        Assert.Equal((CampaignStage.Done, 10, true), (found.Stage, found.Counts.Outcomes.Sum(), found.EndedAt is not null));
        Assert.Equal([(10, chunk.Lines[9].Url.ToString())], await Store.ReadReportAsync(campaign.Id, after: 9));
        await ExpireAsync();
        Assert.Empty(await Store.ClaimAsync());
    }

    [Fact]
    public async Task A_checkpoint_that_is_written_again_is_counted_once()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 10)));
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync());
        for (int time = 0; time < 3; time++)
        {
            Assert.Equal(HoldState.Held, await Store.CheckpointAsync(chunk.Checkpoint(1, 3), None));
        }

        HoldState[] states = await Task.WhenAll(Store.CheckpointAsync(chunk.Close(2, before: 3), None), Store.CheckpointAsync(chunk.Close(2, before: 3), None));
        Assert.Equal([HoldState.Held, HoldState.Held], states);
        Assert.Equal(10, (await Store.FindAsync(campaign.Id, None))!.Counts.Outcomes.Sum());
        Assert.Equal(10, (await Store.ReadReportAsync(campaign.Id)).Count);
    }

    [Fact]
    public async Task A_chunk_that_is_given_back_is_claimed_again_after_its_time()
    {
        await Store.SubmitAsync(List(("one.example", 20)), options: new SubmissionOptions { ChunkMin = 10 });
        IReadOnlyList<ClaimedChunk> chunks = await Store.ClaimAsync();
        Assert.Equal(HoldState.Held, await Store.CheckpointAsync(chunks[0].Checkpoint(1, 4, next: ChunkNext.Release), None));
        Assert.Equal(HoldState.Held, await Store.CheckpointAsync(chunks[1].Checkpoint(1, 4, next: ChunkNext.Release, time: TimeSpan.FromHours(1)), None));
        Assert.Equal([HoldState.Lost], await Store.RenewAsync([chunks[0].Hold], Lease, None));
        Assert.Equal(HoldState.Lost, await Store.CheckpointAsync(chunks[0].Checkpoint(2, 6, before: 4), None));
        Assert.Equal(chunks[0].Hold.Chunk, Assert.Single(await Store.ClaimAsync()).Hold.Chunk);
        await ExpireAsync();
        Assert.Equal(2, (await Store.ClaimAsync()).Count);
    }

    [Fact]
    public async Task When_a_brake_is_lifted_what_was_put_off_for_it_is_claimed_at_once()
    {
        ForgeHost host = ForgeHost.Parse("one.example"), other = ForgeHost.Parse("two.example");
        await Store.SubmitAsync(List((host.ToString(), 10), (other.ToString(), 10)));
        IReadOnlyList<ClaimedChunk> chunks = await Store.ClaimAsync();
        await Store.BrakeAsync(host, DateTimeOffset.UtcNow.AddYears(100), None);
        foreach (ClaimedChunk chunk in chunks)
        {
            await Store.SilenceAsync([(chunk.Host!.Value, DateTimeOffset.UtcNow.AddYears(100))], None);
            await Store.CheckpointAsync(chunk.Checkpoint(1, 4, next: ChunkNext.Release, time: TimeSpan.FromHours(1)), None);
        }

        Assert.Empty(await Store.ClaimAsync());
        await Store.BrakeAsync(host, null, None);
        Assert.Equal(host, Assert.Single(await Store.ClaimAsync()).Host);
        Assert.Equal(other, Assert.Single(await Store.ListPausesAsync(None)).Host);
    }

    [Fact]
    public async Task A_chunk_is_not_ended_while_a_line_has_no_outcome()
    {
        await Store.SubmitAsync(List(("one.example", 10)));
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CheckpointAsync(chunk.Checkpoint(1, 9, next: ChunkNext.Close), None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CheckpointAsync(chunk.Checkpoint(1, 8) with { Done = new byte[1] }, None));
        Assert.Equal([HoldState.Held], await Store.RenewAsync([chunk.Hold], Lease, None));
    }

    [Fact]
    public async Task Higher_priority_goes_first_and_may_be_changed()
    {
        StoredCampaign low = await Store.SubmitAsync(List(("one.example", 10)), priority: -1);
        StoredCampaign high = await Store.SubmitAsync(List(("one.example", 10)), priority: 5);
        StoredCampaign middle = await Store.SubmitAsync(List(("two.example", 10)), priority: 0);
        Assert.Equal(high.Id, Assert.Single(await Store.ClaimAsync(max: 1)).Hold.Campaign);
        Assert.True(await Store.SetPriorityAsync(low.Id, 3, None));
        Assert.Equal(3, (await Store.FindAsync(low.Id, None))!.Priority);
        Assert.Equal(low.Id, Assert.Single(await Store.ClaimAsync(max: 1)).Hold.Campaign);
        Assert.Equal(middle.Id, Assert.Single(await Store.ClaimAsync(max: 1)).Hold.Campaign);
        Assert.False(await Store.SetPriorityAsync(new CampaignId(999), 1, None));
    }

    [Fact]
    public async Task Campaigns_of_one_priority_share()
    {
        await Store.SubmitAsync(List(("one.example", 1000)));
        StoredCampaign small = await Store.SubmitAsync(List(("one.example", 10)));
        int claims = 0;
        while (Assert.Single(await Store.ClaimAsync(max: 1)).Hold.Campaign != small.Id)
        {
            claims++;
        }

        // By chance: all of the large one's before the small one's has one chance in 2^99.
        Assert.InRange(claims, 0, 99);
    }

    [Fact]
    public async Task Claims_take_turns_between_hosts_and_pass_over_those_to_be_left_alone()
    {
        ForgeHost[] hosts = [.. Enumerable.Range(0, 6).Select(n => ForgeHost.Parse($"host{n}.example"))];
        await Store.SubmitAsync(List([.. hosts.Select(h => (h.ToString(), 30))]), options: new SubmissionOptions { ChunkMin = 10, ChunkMax = 10 });
        Assert.Equal(hosts, (await Store.ClaimAsync(perHostMax: 1)).Select(c => c.Host!.Value).OrderBy(h => h.ToString(), StringComparer.Ordinal));
        Assert.Equal(3, (await Store.ClaimAsync(max: 3, perHostMax: 1)).Select(c => c.Host).Distinct().Count());
        await ExpireAsync();
        await Store.BrakeAsync(hosts[0], DateTimeOffset.UtcNow.AddYears(100), None);
        await Store.SilenceAsync([(hosts[1], DateTimeOffset.UtcNow.AddYears(100)), (hosts[2], DateTimeOffset.UtcNow.AddYears(-100))], None);
        Assert.Equal([hosts[2], hosts[4], hosts[5]], Names(await Store.ClaimAsync(perHostMax: 1, avoided: [hosts[3], Many])));
        Assert.Equal([hosts[3]], Names(await Store.ClaimAsync(perHostMax: 1, wanted: [hosts[3], hosts[0], hosts[1], Many])));
        Assert.Equal([hosts[0], hosts[1]], (await Store.ListPausesAsync(None)).Select(p => p.Host));
        await Store.BrakeAsync(hosts[0], null, None);
        Assert.Equal([hosts[0]], Names(await Store.ClaimAsync(perHostMax: 1, wanted: [hosts[0], hosts[1]])));
        HostPause pause = Assert.Single(await Store.ListPausesAsync(None));
        Assert.Equal((hosts[1], null), (pause.Host, pause.BrakedUntil));
        await Store.SilenceAsync([(hosts[1], null)], None);
        Assert.Empty(await Store.ListPausesAsync(None));

        static IEnumerable<ForgeHost> Names(IReadOnlyList<ClaimedChunk> chunks) => chunks.Select(c => c.Host!.Value).OrderBy(h => h.ToString(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_paused_campaign_is_not_claimed_and_goes_on_where_it_was()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 20)), options: new SubmissionOptions { ChunkMin = 10 });
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync(max: 1));
        Assert.Equal(CampaignStage.Paused, await Store.SteerAsync(campaign.Id, CampaignStage.Paused, None));
        Assert.Equal(CampaignStage.Paused, await Store.SteerAsync(campaign.Id, CampaignStage.Paused, None));
        Assert.Empty(await Store.ClaimAsync());
        Assert.Equal([HoldState.Stop], await Store.RenewAsync([chunk.Hold], Lease, None));
        Assert.Equal(HoldState.Stop, await Store.CheckpointAsync(chunk.Checkpoint(1, 3, next: ChunkNext.Release), None));
        Assert.Equal(3, (await Store.FindAsync(campaign.Id, None))!.Counts.Outcomes.Sum());
        Assert.Equal(CampaignStage.Running, await Store.SteerAsync(campaign.Id, CampaignStage.Running, None));
        Assert.Equal(2, (await Store.ClaimAsync()).Count);
    }

    [Fact]
    public async Task A_cancelled_campaign_is_over_but_keeps_what_was_done()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 10)));
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync());
        Assert.Equal(CampaignStage.Cancelled, await Store.SteerAsync(campaign.Id, CampaignStage.Cancelled, None));
        Assert.Equal(CampaignStage.Cancelled, await Store.SteerAsync(campaign.Id, CampaignStage.Running, None));
        Assert.Equal(HoldState.Stop, await Store.CheckpointAsync(chunk.Close(), None));
        await ExpireAsync();
        Assert.Empty(await Store.ClaimAsync());
        StoredCampaign found = (await Store.FindAsync(campaign.Id, None))!;
        Assert.Equal((CampaignStage.Cancelled, 10, true), (found.Stage, found.Counts.Outcomes.Sum(), found.EndedAt is not null));
        Assert.Equal(10, (await Store.ReadReportAsync(campaign.Id)).Count);
        Assert.Null(await Store.SteerAsync(new CampaignId(999), CampaignStage.Paused, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.SteerAsync(campaign.Id, CampaignStage.Done, None));
    }

    [Fact]
    public async Task Campaigns_are_listed_newest_first()
    {
        List<CampaignId> ids = [];
        for (int n = 0; n < 105; n++)
        {
            ids.Insert(0, (await Store.SubmitAsync([])).Id);
        }

        Assert.Equal(ids, (await Store.ListAsync(None).ToListAsync()).Select(c => c.Id));
        Assert.Equal(ids[7], (await Store.FindAsync(ids[7], None))!.Id);
        Assert.Null(await Store.FindAsync(new CampaignId(ids[0].Number + 1), None));
        Assert.Null(await Store.FindAsync(new CampaignId(long.MaxValue), None));
    }

    [Fact]
    public async Task A_report_is_read_on_from_any_line_while_it_grows()
    {
        StoredCampaign campaign = await Store.SubmitAsync(List(("one.example", 300)), options: new SubmissionOptions { ChunkMin = 30, ChunkMax = 30 });
        List<(long Number, string Text)> all = [];
        foreach (ClaimedChunk chunk in await Store.ClaimAsync())
        {
            await Store.CheckpointAsync(chunk.Checkpoint(1, 10), None);
            all.AddRange(await Store.ReadReportAsync(campaign.Id, all.Count));
            await Store.CheckpointAsync(chunk.Close(2, before: 10), None);
        }

        all.AddRange(await Store.ReadReportAsync(campaign.Id, all.Count));
        Assert.Equal(Enumerable.Range(1, 300).Select(n => (long)n), all.Select(l => l.Number));
        Assert.Equal(300, all.Select(l => l.Text).Distinct().Count());
        Assert.Equal(all, await Store.ReadReportAsync(campaign.Id));
        Assert.Equal(all[137..], await Store.ReadReportAsync(campaign.Id, after: 137));
        Assert.Empty(await Store.ReadReportAsync(campaign.Id, after: 300));
        Assert.Empty(await Store.ReadReportAsync(new CampaignId(999)));
    }

    [Fact]
    public async Task The_backlog_is_told_by_host()
    {
        await Store.SubmitAsync(List(("one.example", 30), ("two.example", 50), ("three.example", 1)), options: new SubmissionOptions { ChunkMin = 10, ChunkMax = 10 });
        StoredCampaign paused = await Store.SubmitAsync(List(("four.example", 50)));
        await Store.SteerAsync(paused.Id, CampaignStage.Paused, None);
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync(max: 1, wanted: [ForgeHost.Parse("two.example")]));
        await Store.CheckpointAsync(chunk.Checkpoint(1, 4), None);
        Assert.Equal(
            [new HostBacklog(ForgeHost.Parse("two.example"), 46, 5), new HostBacklog(ForgeHost.Parse("one.example"), 30, 3), new HostBacklog(null, 1, 1)],
            await Store.CountBacklogAsync(10, None));
        Assert.Equal(2, (await Store.CountBacklogAsync(2, None)).Count);

        StoredCampaign other = await Store.SubmitAsync(List(("five.example", 20)), options: new SubmissionOptions { ChunkMin = 10, ChunkMax = 10 });
        Assert.Equal([new HostBacklog(ForgeHost.Parse("five.example"), 20, 2)], await Store.CountBacklogAsync(other.Id, 10, None));
        Assert.Empty(await Store.CountBacklogAsync(paused.Id, 10, None));
    }

    [Fact]
    public async Task Odd_texts_come_back_as_they_were()
    {
        StoredCampaign campaign = await Store.SubmitAsync(
            new NewCampaign("{\"name\":\"größe 🐙\"}", 7), StreamAsync([new SubmittedLine(long.MaxValue, RepositoryUrl.Parse("https://exämple.org/ä/ß"), default)]), null, None);
        Assert.Equal("{\"name\":\"größe 🐙\"}", campaign.Order);
        ClaimedChunk chunk = Assert.Single(await Store.ClaimAsync());
        Assert.Equal(new ChunkLine(long.MaxValue, RepositoryUrl.Parse("https://exämple.org/ä/ß")), Assert.Single(chunk.Lines));
        byte[] line = [0, 10, 13, 255, .. Encoding.UTF8.GetBytes("ü")];
        await Store.CheckpointAsync(chunk.Close() with { Report = [line, Array.Empty<byte>()] }, None);
        Assert.Equal([line, []], (await Store.ReadReportAsync(campaign.Id, 0, None).ToListAsync()).Select(l => l.Line.ToArray()));
    }
}
