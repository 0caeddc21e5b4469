using Actors.Git.Remotes;
using Actors.Store.Heads;
using Xunit;
using static Actors.Store.Tests.Heads.HeadExamples;

namespace Actors.Store.Tests.Heads;

/// <summary>What every head store does. Each test gets an empty one.</summary>
public abstract class HeadStoreConformance : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    protected abstract IHeadStore Store { get; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Closes the store and opens what it kept; a store without memory stays as it is.</summary>
    protected abstract ValueTask ReopenAsync();

    [Fact]
    public async Task An_unknown_repository_has_no_state_no_visits_and_no_imports()
    {
        Assert.Equal([null, null], await Store.FindAsync([Url(1), Url(2)], None));
        Assert.Empty(await Store.FindAsync([], None));
        Assert.Empty(await ListAsync(Store.ListVisitsAsync(Url(1), None)));
        Assert.Null(await Store.FindImportedAsync(Url(1), None));
        Assert.Empty(await ListAsync(Store.ListAsync(None)));
        Assert.All(await Store.CountByOutcomeAsync(None), count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task A_first_visit_gives_heads_and_a_state()
    {
        Snapshot heads = Snapshot(10);
        Visit visit = Visit(1, Outcome.New, 5, heads) with { Campaign = new CampaignId(3), CloneBytes = 12345, Objects = 7 };
        await Store.RecordAsync([visit], None);
        await ReopenAsync();

        RepositoryState expected = new()
        {
            Url = Url(1),
            Snapshot = heads.Id,
            Digest = Digest(5),
            Visit = 1,
            VisitedAt = visit.StartedAt,
            Outcome = Outcome.New,
            SucceededAt = visit.StartedAt,
            Campaign = new CampaignId(3),
            CloneBytes = 12345,
        };
        Assert.Equal([null, expected], await Store.FindAsync([Url(2), Url(1)], None));
        Assert.Equal([expected], await ListAsync(Store.ListAsync(None)));
        Visit kept = Assert.Single(await ListAsync(Store.ListVisitsAsync(Url(1), None)));
        Assert.Equal(visit with { Number = 1, NewSnapshot = null, Digest = default, Snapshot = heads.Id }, kept);
    }

    [Fact]
    public async Task An_unchanged_visit_keeps_heads_digest_and_sizes()
    {
        Snapshot heads = Snapshot(10);
        await Store.RecordAsync([Visit(1, Outcome.New, 0, heads) with { CloneBytes = 99 }], None);
        RepositoryState before = (await Store.FindAsync([Url(1)], None))[0]!;
        await Store.RecordAsync([Visit(1, Outcome.Unchanged, 60) with { Digest = Digest(77), Campaign = new CampaignId(2) }], None);
        await ReopenAsync();

        DateTimeOffset later = Start.AddMinutes(60);
        RepositoryState expected = before with { Visit = 2, VisitedAt = later, SucceededAt = later, Outcome = Outcome.Unchanged, Campaign = new CampaignId(2) };
        Assert.Equal([expected], await Store.FindAsync([Url(1)], None));
        List<Visit> visits = await ListAsync(Store.ListVisitsAsync(Url(1), None));
        Assert.Equal([2, 1], visits.Select(v => v.Number));
        Assert.All(visits, v => Assert.Equal(heads.Id, v.Snapshot));
    }

    [Fact]
    public async Task Evidence_of_absence_and_of_moves_is_kept_until_it_is_refuted()
    {
        RepositoryUrl elsewhere = Url(500);
        foreach (int day in (int[])[0, 1, 4, 7, 11, 14])
        {
            await Store.RecordAsync([Visit(1, Outcome.Gone) with { StartedAt = Start.AddDays(day) }], None);
        }

        foreach (int day in (int[])[0, 1, 2, 4])
        {
            await Store.RecordAsync([Visit(2, Outcome.Unchanged) with { StartedAt = Start.AddDays(day), MovedTo = elsewhere }], None);
        }

        await ReopenAsync();
        IReadOnlyList<RepositoryState?> states = await Store.FindAsync([Url(1), Url(2)], None);
        Assert.Equal(new RepositoryEvidence { AbsentSince = Start, Absences = 5 }, states[0]!.Evidence);
        Assert.Equal(new RepositoryEvidence { MovedSince = Start, Sightings = 3, Address = elsewhere }, states[1]!.Evidence);
        Assert.Equal(states, await ListAsync(Store.ListAsync(None)));

        await Store.RecordAsync([Visit(1, Outcome.Unchanged, 9), Visit(2, Outcome.Unchanged, 9)], None);
        Assert.All(await Store.FindAsync([Url(1), Url(2)], None), state => Assert.Equal(RepositoryEvidence.None, state!.Evidence));
    }

    [Fact]
    public async Task Failures_count_until_a_success_and_keep_the_heads()
    {
        Snapshot heads = Snapshot(10);
        DateTimeOffset retryAt = Start.AddDays(1);
        RepositoryUrl elsewhere = Url(500);
        await Store.RecordAsync(
            [
                Visit(1, Outcome.New, 0, heads),
                Visit(1, Outcome.Throttled, 1) with { RetryAt = retryAt, Error = "429 Too Many Requests" },
                Visit(1, Outcome.Moved, 2) with { MovedTo = elsewhere },
            ],
            None);
        await ReopenAsync();
        RepositoryState state = (await Store.FindAsync([Url(1)], None))[0]!;
        Assert.Equal((3, 2, Outcome.Moved, heads.Id, Digest(0)), (state.Visit, state.Failures, state.Outcome, state.Snapshot, state.Digest));
        Assert.Equal((Start, Start.AddMinutes(2), null, elsewhere), (state.SucceededAt, state.VisitedAt, state.RetryAt, state.MovedTo));

        await Store.RecordAsync([Visit(1, Outcome.Unchanged, 3)], None);
        state = (await Store.FindAsync([Url(1)], None))[0]!;
        Assert.Equal((0, heads.Id, elsewhere), (state.Failures, state.Snapshot, state.MovedTo));
        List<Visit> visits = await ListAsync(Store.ListVisitsAsync(Url(1), None));
        Assert.Equal((retryAt, "429 Too Many Requests", heads.Id), (visits[2].RetryAt, visits[2].Error, visits[2].Snapshot));
        Assert.Equal(elsewhere, visits[1].MovedTo);
    }

    [Fact]
    public async Task A_forced_push_loses_no_snapshot()
    {
        Snapshot first = Snapshot(10, branches: 40);
        Snapshot second = Snapshot(20, branches: 3);
        await Store.RecordAsync([Visit(1, Outcome.New, 0, first)], None);
        await Store.RecordAsync([Visit(1, Outcome.Updated, 1, second), Visit(1, Outcome.Empty, 2, Actors.Store.Heads.Snapshot.Empty)], None);
        await ReopenAsync();

        List<Visit> visits = await ListAsync(Store.ListVisitsAsync(Url(1), None));
        Assert.Equal([SnapshotId.Empty, second.Id, first.Id], visits.Select(v => v.Snapshot!.Value));
        foreach (Snapshot expected in new[] { first, second, Actors.Store.Heads.Snapshot.Empty })
        {
            Snapshot? read = await Store.ReadSnapshotAsync(expected.Id, None);
            Assert.Equal(expected.Id, read!.Id);
            Assert.Equal(expected.Branches, read.Branches);
        }

        Assert.Equal(SnapshotId.Empty, (await Store.FindAsync([Url(1)], None))[0]!.Snapshot);
        Assert.Null(await Store.ReadSnapshotAsync(Snapshot(30).Id, None));
    }

    [Fact]
    public async Task What_no_sync_can_mean_is_refused_and_its_batch_writes_nothing()
    {
        Visit wrong = Visit(2, Outcome.Corrupt, 0, Snapshot(1));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.RecordAsync([Visit(1, Outcome.Gone), wrong], None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.RecordAsync([Visit(1, (Outcome)99)], None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.RecordAsync([Visit(1, Outcome.New, 0, Snapshot(1) with { Id = Snapshot(2).Id })], None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.RecordAsync([Visit(1, Outcome.Gone) with { Url = default }], None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.ImportAsync([new ImportedHeads(Url(1), []), new ImportedHeads(default, [])], None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.SaveForgeHostAsync(new ForgeHostState(default, null, null, null), None));
        Assert.Empty(await ListAsync(Store.ListAsync(None)));
    }

    [Fact]
    public async Task Long_errors_are_cut_and_never_within_a_character()
    {
        string smile = char.ConvertFromUtf32(0x1F600);
        await Store.RecordAsync(
            [
                Visit(1, Outcome.Failed) with { Error = new string('x', 5000) },
                Visit(2, Outcome.Failed) with { Error = new string('x', 999) + smile },
                Visit(3, Outcome.Failed) with { Error = "" },
            ],
            None);
        Assert.Equal(new string('x', 1000), (await ListAsync(Store.ListVisitsAsync(Url(1), None)))[0].Error);
        Assert.Equal(new string('x', 999), (await ListAsync(Store.ListVisitsAsync(Url(2), None)))[0].Error);
        Assert.Null((await ListAsync(Store.ListVisitsAsync(Url(3), None)))[0].Error);
    }

    [Fact]
    public async Task Times_are_kept_in_whole_milliseconds_of_UTC()
    {
        DateTimeOffset odd = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(5)).AddTicks(12_345_678);
        await Store.RecordAsync([Visit(1, Outcome.Failed) with { StartedAt = odd, RetryAt = odd }], None);
        DateTimeOffset kept = new(2026, 3, 1, 7, 0, 1, 234, TimeSpan.Zero);
        RepositoryState state = (await Store.FindAsync([Url(1)], None))[0]!;
        Assert.Equal((kept, kept), (state.VisitedAt, state.RetryAt));
        Assert.Equal(TimeSpan.Zero, state.VisitedAt.Offset);
    }

    [Fact]
    public async Task Repositories_are_listed_in_order_of_first_appearance_and_counted_by_outcome()
    {
        int[] order = [.. Enumerable.Range(0, 1203).Select(i => i * 7 % 1203)];
        await Store.RecordAsync([.. order.Select(i => Visit(i, i % 2 == 0 ? Outcome.Gone : Outcome.Refused))], None);
        await Store.ImportAsync([new ImportedHeads(Url(5000), []), new ImportedHeads(Url(3), [Oid(1)])], None);
        await Store.RecordAsync([Visit(0, Outcome.Empty, 1), Visit(2, Outcome.Refused, 1)], None);
        await ReopenAsync();
        Assert.Equal(order.Append(5000).Select(Url), (await ListAsync(Store.ListAsync(None))).Select(s => s.Url));
        IReadOnlyList<long> counts = await Store.CountByOutcomeAsync(None);
        Assert.Equal(OutcomeNames.All.Count + 1, counts.Count);
        Assert.Equal((1, 1, 600, 602, 1204), (counts[0], counts[(int)Outcome.Empty], counts[(int)Outcome.Gone], counts[(int)Outcome.Refused], counts.Sum()));
    }

    [Fact]
    public async Task Repositories_are_found_in_any_order_with_unknown_and_repeated_ones_between()
    {
        await Store.RecordAsync([.. Enumerable.Range(0, 300).Select(i => Visit(i, Outcome.Gone, i))], None);
        await ReopenAsync();
        Random random = new(7);
        int[] numbers = [.. Enumerable.Range(0, 300).SelectMany(i => new[] { i, random.Next(400), i, i + 1000 })];
        IReadOnlyList<RepositoryState?> found = await Store.FindAsync([.. numbers.Select(Url)], None);
        Assert.Equal(numbers.Select(n => n < 300 ? Url(n) : default(RepositoryUrl?)), found.Select(s => s?.Url));
        Assert.All(numbers.Zip(found), pair => Assert.Equal(pair.First < 300 ? Start.AddMinutes(pair.First) : null, pair.Second?.VisitedAt));
    }

    [Fact]
    public async Task Odd_URLs_come_back_as_they_were()
    {
        RepositoryUrl[] urls =
        [
            .. new[]
            {
                "https://[::1]:8443/a", "git@forge.example.org:a/b.git", "ssh://git@forge.example.org/~/a", "file:///srv/a%20b%25c", "https://forge.example.org/\u00e9/%C3%A9",
                "https://forge.example.org/" + new string('x', 4000), "https://b\u00fccher.example/a", "git://forge.example.org/a;b",
            }.Select(RepositoryUrl.Parse),
        ];
        await Store.RecordAsync([.. urls.Select(url => Visit(1, Outcome.Moved) with { Url = url, MovedTo = url })], None);
        await ReopenAsync();
        Assert.Equal(urls, (await Store.FindAsync(urls, None)).Select(s => s!.Url));
        Assert.Equal(urls, (await ListAsync(Store.ListAsync(None))).Select(s => s.Url));
        Assert.Equal(urls, (await ListAsync(Store.ListAsync(None))).Select(s => s.MovedTo!.Value));
    }

    [Fact]
    public async Task A_long_log_is_listed_whole()
    {
        await Store.RecordAsync([.. Enumerable.Range(0, 1234).SelectMany(i => new[] { Visit(1, Outcome.Gone, i), Visit(2, Outcome.Gone, i) })], None);
        List<Visit> visits = await ListAsync(Store.ListVisitsAsync(Url(1), None));
        Assert.Equal(Enumerable.Range(1, 1234).Reverse().Select(n => (long)n), visits.Select(v => v.Number));
        Assert.Equal(Start, visits[^1].StartedAt);
    }

    [Fact]
    public async Task Imported_heads_are_kept_apart_and_replaced()
    {
        await Store.ImportAsync([new ImportedHeads(Url(1), [Oid(1), Oid(2)]), new ImportedHeads(Url(2), [])], None);
        await Store.ImportAsync([new ImportedHeads(Url(1), [Oid(3)])], None);
        await ReopenAsync();
        Assert.Equal([Oid(3)], (await Store.FindImportedAsync(Url(1), None))!.Oids);
        Assert.Empty((await Store.FindImportedAsync(Url(2), None))!.Oids);
        Assert.Equal(new RepositoryState { Url = Url(1) }, (await Store.FindAsync([Url(1)], None))[0]);
        Assert.Empty(await ListAsync(Store.ListVisitsAsync(Url(1), None)));

        await Store.RecordAsync([Visit(1, Outcome.New, 0, Snapshot(1))], None);
        Assert.Equal(1, (await Store.FindAsync([Url(1)], None))[0]!.Visit);
        Assert.Equal([Oid(3)], (await Store.FindImportedAsync(Url(1), None))!.Oids);
    }

    [Fact]
    public async Task Forge_hosts_are_remembered_and_replaced()
    {
        ForgeHostState first = new(ForgeHost.Parse("forge.example.org"), "v2 filter", Start, "slow");
        ForgeHostState second = new(ForgeHost.Parse("a.example.org:8443"), null, null, null);
        await Store.SaveForgeHostAsync(first with { Profile = "old" }, None);
        await Store.SaveForgeHostAsync(second, None);
        await Store.SaveForgeHostAsync(first, None);
        await ReopenAsync();
        Assert.Equal([second, first], await ListAsync(Store.ListForgeHostsAsync(None)));
    }

    [Fact]
    public async Task What_a_server_can_do_is_kept_beside_what_else_is_remembered_of_its_host()
    {
        ForgeHostState known = new(ForgeHost.Parse("forge.example.org"), "old", Start, "slow");
        await Store.SaveForgeHostAsync(known, None);
        await Store.SaveProfilesAsync([(known.Host, "v2"), (ForgeHost.Parse("a.example.org"), "v0"), (known.Host, "v2 filter")], None);
        await Store.SaveProfilesAsync([], None);
        await ReopenAsync();
        Assert.Equal([new ForgeHostState(ForgeHost.Parse("a.example.org"), "v0", null, null), known with { Profile = "v2 filter" }], await ListAsync(Store.ListForgeHostsAsync(None)));
    }

    [Fact]
    public async Task Campaigns_are_numbered_saved_and_listed_newest_first()
    {
        CampaignState first = await Store.BeginCampaignAsync(new CampaignState { Key = "list.txt", StartedAt = Start }, None);
        CampaignState second = await Store.BeginCampaignAsync(new CampaignState { Key = "-", StartedAt = Start.AddHours(1) }, None);
        Assert.Equal((1, 2), (first.Id.Number, second.Id.Number));
        await Store.SaveCampaignAsync(first with { LinesDone = 5_000_000_000, Outcomes = [0, 3, 4], EndedAt = Start.AddHours(2) }, None);
        await ReopenAsync();
        List<CampaignState> campaigns = await ListAsync(Store.ListCampaignsAsync(None));
        Assert.Equal(["-", "list.txt"], campaigns.Select(c => c.Key));
        Assert.Equal((5_000_000_000, Start, Start.AddHours(2)), (campaigns[1].LinesDone, campaigns[1].StartedAt, campaigns[1].EndedAt));
        Assert.Equal([0, 3, 4], campaigns[1].Outcomes);
        Assert.Empty(campaigns[0].Outcomes);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.SaveCampaignAsync(first with { Id = new CampaignId(3) }, None));
    }

    [Fact]
    public async Task Calls_at_the_same_time_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(batch => Task.Run(async () =>
        {
            await Store.RecordAsync([.. Enumerable.Range(0, 20).Select(i => Visit(i, Outcome.Gone, batch))], None);
            Assert.All(await Store.FindAsync([Url(0), Url(19)], None), Assert.NotNull);
        })));
        Assert.All(await ListAsync(Store.ListAsync(None)), s => Assert.Equal((40, 40), (s.Visit, s.Failures)));
        List<Visit> visits = await ListAsync(Store.ListVisitsAsync(Url(7), None));
        Assert.Equal(Enumerable.Range(0, 40), visits.Select(v => (int)(v.StartedAt - Start).TotalMinutes).Order());
        Assert.Equal(20, (await Store.CountByOutcomeAsync(None))[(int)Outcome.Gone]);
    }

    [Fact]
    public async Task A_cancelled_write_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.RecordAsync([Visit(1, Outcome.Gone)], new CancellationToken(canceled: true)));
        Assert.Empty(await ListAsync(Store.ListAsync(None)));
    }
}
