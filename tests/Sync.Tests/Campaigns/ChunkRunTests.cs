using Actors.Git.Remotes;
using Actors.Store.Campaigns;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;
using Actors.Sync.Repositories;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Sync.Tests.Campaigns;

public sealed class ChunkRunTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryCampaignStore _store;
    private readonly MemoryHeadStore _heads = new();
    private readonly ScriptedDoors _doors = new();
    private readonly ScriptedHolds _holds = new();
    private readonly List<RepositoryUrl> _visited = [];

    public ChunkRunTests() => _store = new MemoryCampaignStore(_clock, new Random(1));

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _heads.DisposeAsync();
    }

    [Fact]
    public async Task Every_line_is_visited_reported_and_counted_and_the_chunk_closed()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("a", 1), Url("a", 2), Url("a", 3));
        using ChunkRun run = Run(chunk, new CampaignOrder());
        Assert.Equal(ChunkEnd.Done, await run.RunAsync(default));
        Assert.Equal(chunk.Lines.Select(l => l.Url), _visited);
        StoredCampaign campaign = (await _store.FindAsync(chunk.Hold.Campaign, default))!;
        Assert.Equal((CampaignStage.Done, 3, 30, 3), (campaign.Stage, campaign.Counts.Outcomes[(int)Outcome.Unchanged], campaign.Counts.BytesReceived, campaign.Counts.Requests));
        Assert.Equal(_visited, (await ReportAsync(chunk)).Select(r => r.Url));
        Assert.Equal(0, _doors.Waiting);
        Assert.Equal(0, _doors.Out);
    }

    [Fact]
    public async Task What_this_campaign_visited_already_is_reported_and_not_visited_and_what_is_young_is_left_alone()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("a", 1), Url("a", 2), Url("a", 3));
        await _heads.RecordAsync(
            [
                Visit(chunk.Lines[0].Url) with { Campaign = chunk.Hold.Campaign, Outcome = Outcome.Gone, BytesReceived = 77, Error = "gone" },
                Visit(chunk.Lines[1].Url) with { NewSnapshot = Snapshot.Empty, Outcome = Outcome.New },
            ],
            default);
        using ChunkRun run = Run(chunk, new CampaignOrder { MaxAge = TimeSpan.FromDays(1) });
        Assert.Equal(ChunkEnd.Done, await run.RunAsync(default));
        Assert.Equal([chunk.Lines[2].Url], _visited);
        StoredCampaign campaign = (await _store.FindAsync(chunk.Hold.Campaign, default))!;
        Assert.Equal((1, 1, 1), (campaign.Counts.Outcomes[(int)Outcome.Gone], campaign.Counts.Skipped, campaign.Counts.Outcomes[(int)Outcome.Unchanged]));
        SyncReport before = (await ReportAsync(chunk)).Single(r => r.Outcome == Outcome.Gone);
        Assert.Equal((chunk.Lines[0].Url, 77, "gone"), (before.Url, before.BytesReceived, before.Error));
    }

    [Fact]
    public async Task A_silent_host_s_lines_are_given_back_for_as_long_and_nobody_claims_them_meanwhile()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("a", 1), Url("silent", 1), Url("a", 2), Url("silent", 2));
        _doors.Refusals[Url("silent", 1).Host] = new HostAdmission(PermitAnswer.NotYet, null, TimeSpan.FromMinutes(30));
        using ChunkRun run = Run(chunk, new CampaignOrder());
        Assert.Equal(ChunkEnd.GivenBack, await run.RunAsync(default));
        Assert.Equal([Url("a", 1), Url("a", 2)], _visited);
        HostPause pause = Assert.Single(await _store.ListPausesAsync(default));
        Assert.Equal((Url("silent", 1).Host, _clock.GetUtcNow().AddMinutes(30)), (pause.Host, pause.SilentUntil));
        _clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(1));
        Assert.Empty(await _store.ClaimAsync(Request, default));
        _clock.Advance(TimeSpan.FromTicks(1));
        _doors.Refusals.Clear();
        using ChunkRun again = Run(Assert.Single(await _store.ClaimAsync(Request, default)), new CampaignOrder());
        Assert.Equal(ChunkEnd.Done, await again.RunAsync(default));
        Assert.Equal([Url("a", 1), Url("a", 2), Url("silent", 1), Url("silent", 2)], _visited);
        Assert.Equal(0, _doors.Waiting);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_for_many_claims_ends_as_unreachable()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("down", 1));
        _doors.Refusals[Url("down", 1).Host] = new HostAdmission(PermitAnswer.GivenUp, null, TimeSpan.Zero);
        for (int claim = 1; claim <= Limits.ChunkPatienceDown; claim++)
        {
            using ChunkRun run = Run(chunk, new CampaignOrder());
            Assert.Equal(ChunkEnd.GivenBack, await run.RunAsync(default));
            _clock.Advance(HostPolicy.GivenUpFor);
            chunk = Assert.Single(await _store.ClaimAsync(Request, default));
        }

        using ChunkRun last = Run(chunk, new CampaignOrder());
        Assert.Equal(ChunkEnd.Done, await last.RunAsync(default));
        Assert.Empty(_visited);
        Assert.Equal((Outcome.Unreachable, "not asked: down.example did not answer"), ((await ReportAsync(chunk))[0].Outcome, (await ReportAsync(chunk))[0].Error));
        Assert.Equal(Outcome.Unreachable, (await _heads.FindAsync([Url("down", 1)], default))[0]!.Outcome);
    }

    [Fact]
    public async Task A_drained_run_lets_what_runs_end_and_gives_the_rest_back_at_once()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("a", 1), Url("a", 2));
        using CancellationTokenSource drain = new();
        TaskCompletionSource<ChunkVisitEnd> visit = new();
        using ChunkRun run = new(chunk, new CampaignOrder(), _store, _heads, _doors, _holds, Visiting, new ChunkRunOptions { Jobs = 1, Inline = true, Drain = drain.Token }, _clock);
        Task<ChunkEnd> end = run.RunAsync(default);
        Assert.Equal(1, run.Running);
        await drain.CancelAsync();
        Assert.False(end.IsCompleted);
        visit.SetResult(ChunkVisitEnd.Ended(Report(Url("a", 1))));
        Assert.Equal(ChunkEnd.GivenBack, await end);
        ClaimedChunk rest = Assert.Single(await _store.ClaimAsync(Request, default));
        Assert.Equal([0b01], rest.Done.ToArray());
        Assert.Equal(0, _doors.Waiting);

        Task<ChunkVisitEnd> Visiting(RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
        {
            permit.End(null);
            return visit.Task;
        }
    }

    [Fact]
    public async Task A_run_that_lost_its_claim_stops_and_writes_nothing()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("a", 1), Url("a", 2));
        TaskCompletionSource<ChunkVisitEnd> visit = new();
        using ChunkRun run = new(chunk, new CampaignOrder(), _store, _heads, _doors, _holds, Visiting, new ChunkRunOptions { Jobs = 1, Inline = true, Lease = TimeSpan.FromHours(2) }, _clock);
        Task<ChunkEnd> end = run.RunAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(end.IsCompleted);
        ClaimedChunk other = Assert.Single(await _store.ClaimAsync(Request, default));
        visit.SetResult(ChunkVisitEnd.Ended(Report(Url("a", 1))));
        Assert.Equal(ChunkEnd.Lost, await end);
        Assert.Equal(0, (await _store.FindAsync(chunk.Hold.Campaign, default))!.Counts.Outcomes.Sum());
        Assert.Equal([HoldState.Held], await _store.RenewAsync([other.Hold], TimeSpan.FromMinutes(1), default));

        Task<ChunkVisitEnd> Visiting(RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
        {
            permit.End(null);
            return visit.Task;
        }
    }

    [Fact]
    public async Task What_others_hold_is_asked_for_again_looked_up_when_it_is_had_and_visited_then()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("a", 1), Url("a", 2));
        _holds.Others.Add(Url("a", 1));
        RepositoryState? known = null;
        using ChunkRun run = new(chunk, new CampaignOrder(), _store, _heads, _doors, _holds, Visiting, new ChunkRunOptions { Jobs = 1, Inline = true }, _clock);
        Task<ChunkEnd> end = run.RunAsync(default);
        Assert.Equal([Url("a", 2)], _visited);
        _clock.Advance(Limits.HeldElsewherePause);
        Assert.Equal([Url("a", 2)], _visited);
        await _heads.RecordAsync([Visit(Url("a", 1)) with { Outcome = Outcome.Gone }], default);
        _holds.Others.Clear();
        _clock.Advance(Limits.HeldElsewherePause);
        Assert.Equal(ChunkEnd.Done, await end);
        Assert.Equal([Url("a", 2), Url("a", 1)], _visited);
        Assert.Equal(Outcome.Gone, known!.Outcome);
        Assert.Empty(_holds.Held);

        Task<ChunkVisitEnd> Visiting(RepositoryUrl url, RepositoryState? read, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
        {
            known = read;
            Assert.Contains(url, _holds.Held);
            return VisitAsync(url, read, permit, comesAgain, cancellationToken);
        }
    }

    [Fact]
    public async Task A_visit_that_was_cut_off_is_looked_up_again_and_its_record_is_found()
    {
        ClaimedChunk chunk = await ClaimAsync(Url("a", 1));
        using ChunkRun run = new(chunk, new CampaignOrder(), _store, _heads, _doors, _holds, Visiting, new ChunkRunOptions { Jobs = 1, Inline = true }, _clock);
        Assert.Equal(ChunkEnd.Done, await run.RunAsync(default));
        Assert.Equal([Url("a", 1)], _visited);
        Assert.Equal(Outcome.Gone, (await ReportAsync(chunk)).Single().Outcome);
        Assert.Equal((0, 0), (_holds.Held.Count, _doors.Waiting));

        async Task<ChunkVisitEnd> Visiting(RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
        {
            _visited.Add(url);
            permit.End(null);
            await _heads.RecordAsync([Visit(url) with { Campaign = chunk.Hold.Campaign, Outcome = Outcome.Gone }], default);
            return ChunkVisitEnd.CutOff;
        }
    }

    [Fact]
    public async Task A_long_chunk_is_held_a_part_at_a_time()
    {
        RepositoryUrl[] urls = [.. Enumerable.Range(1, 3 * Limits.HoldBatch).Select(n => Url("a", n))];
        ClaimedChunk chunk = await ClaimAsync(urls);
        int most = 0;
        using ChunkRun run = new(chunk, new CampaignOrder(), _store, _heads, _doors, _holds, Visiting, new ChunkRunOptions { Jobs = 1, Inline = true }, _clock);
        Assert.Equal(ChunkEnd.Done, await run.RunAsync(default));
        Assert.Equal(urls, _visited);
        Assert.InRange(most, Limits.HoldBatch, Limits.HoldBatch + Limits.HoldAhead + 1);
        Assert.Equal((0, 0, 0), (_holds.Held.Count, _doors.Waiting, _doors.Out));

        Task<ChunkVisitEnd> Visiting(RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
        {
            most = Math.Max(most, _holds.Held.Count);
            return VisitAsync(url, known, permit, comesAgain, cancellationToken);
        }
    }

    [Fact]
    public async Task Stages_and_phases_have_the_same_numbers()
    {
        Assert.Equal(
            Enum.GetValues<CampaignPhase>().Select(p => (p.ToString(), (byte)p)),
            Enum.GetValues<CampaignStage>().Select(s => (s.ToString(), (byte)s)));
        await Task.CompletedTask;
    }

    private static ClaimRequest Request => new() { Holder = "test", Max = 10, Lease = TimeSpan.FromMinutes(1) };

    private static RepositoryUrl Url(string host, int number) => RepositoryUrl.Parse($"https://{host}.example/r/{number}");

    private static SyncReport Report(RepositoryUrl url) => new() { Url = url, Outcome = Outcome.Unchanged, BytesReceived = 10, Requests = 1 };

    private Visit Visit(RepositoryUrl url) => new() { Url = url, StartedAt = _clock.GetUtcNow(), Outcome = Outcome.Unchanged };

    private ChunkRun Run(ClaimedChunk chunk, CampaignOrder order) => new(chunk, order, _store, _heads, _doors, _holds, VisitAsync, new ChunkRunOptions { Jobs = 1, Inline = true }, _clock);

    private async Task<ChunkVisitEnd> VisitAsync(RepositoryUrl url, RepositoryState? known, IHostPermit permit, bool comesAgain, CancellationToken cancellationToken)
    {
        _visited.Add(url);
        permit.End(new HostEvidence(HostEvidenceKind.Answered));
        await Task.CompletedTask;
        return ChunkVisitEnd.Ended(Report(url));
    }

    private async Task<ClaimedChunk> ClaimAsync(params RepositoryUrl[] urls)
    {
        await _store.SubmitAsync(new NewCampaign("", 0), Lines(), new SubmissionOptions { HostMin = 10, ChunkMin = 1000 }, default);
        return Assert.Single(await _store.ClaimAsync(Request, default));

        async IAsyncEnumerable<SubmittedLine> Lines()
        {
            await Task.CompletedTask;
            for (int n = 0; n < urls.Length; n++)
            {
                yield return new SubmittedLine(n + 1, urls[n]);
            }
        }
    }

    private async Task<List<SyncReport>> ReportAsync(ClaimedChunk chunk) =>
        [.. (await _store.ReadReportAsync(chunk.Hold.Campaign, 0, default).ToListAsync()).Select(l => StoredReportJson.Parse(l).Sync!)];
}
