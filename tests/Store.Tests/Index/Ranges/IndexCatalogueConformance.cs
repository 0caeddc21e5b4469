using Actors.Store.Catalogue;
using Actors.Store.Index.Ranges;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Store.Tests.Index.Ranges;

/// <summary>What every catalogue promises to the shared index.</summary>
public abstract class IndexCatalogueConformance
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private protected ManualTimeProvider Clock { get; } = new();

    private protected abstract Task<IIndexCatalogue> OpenAsync();

    [Fact]
    public async Task Settings_are_those_of_whoever_came_first()
    {
        IIndexCatalogue catalogue = await OpenAsync();
        IndexSettings first = await catalogue.MakeIndexSettingsAsync(64, default);
        IndexSettings second = await catalogue.MakeIndexSettingsAsync(4, default);
        Assert.Equal(64, first.Ranges.Count);
        Assert.Equal(64, second.Ranges.Count);
        Assert.Equal(IndexSettings.SecretBytes, first.Secret.Length);
        Assert.Equal(first.Secret, second.Secret);
        Assert.NotEqual(new byte[IndexSettings.SecretBytes], first.Secret);
    }

    [Fact]
    public async Task A_lease_is_one_process_s_until_it_ends_or_is_returned_and_each_taking_has_a_greater_token()
    {
        IIndexCatalogue catalogue = await OpenAsync();
        IndexLease first = (await catalogue.TryLeaseRangeAsync(3, 0, Minute, default))!.Value;
        Assert.Null(await catalogue.TryLeaseRangeAsync(3, 0, Minute, default));
        Assert.NotNull(await catalogue.TryLeaseRangeAsync(4, 0, Minute, default));
        Clock.Advance(Minute / 2);
        Assert.Equal(first, await catalogue.TryLeaseRangeAsync(3, first.Token, Minute, default));
        Clock.Advance(Minute / 2);
        Assert.Null(await catalogue.TryLeaseRangeAsync(3, 0, Minute, default));
        Clock.Advance(Minute / 2);
        IndexLease second = (await catalogue.TryLeaseRangeAsync(3, 0, Minute, default))!.Value;
        Assert.True(second.Token > first.Token);

        // Whoever slept neither keeps nor returns what is another's.
        Assert.Null(await catalogue.TryLeaseRangeAsync(3, first.Token, Minute, default));
        await catalogue.ReturnRangeAsync(first, default);
        Assert.Null(await catalogue.TryLeaseRangeAsync(3, 0, Minute, default));
        await catalogue.ReturnRangeAsync(second, default);
        IndexLease third = (await catalogue.TryLeaseRangeAsync(3, 0, Minute, default))!.Value;
        Assert.True(third.Token > second.Token);
    }

    [Fact]
    public async Task A_run_is_listed_in_the_place_of_others_in_one_step_and_the_generation_goes_up()
    {
        IIndexCatalogue catalogue = await OpenAsync();
        IndexLease lease = (await catalogue.TryLeaseRangeAsync(1, 0, Minute, default))!.Value;
        Assert.Empty(await catalogue.ListRunsAsync(default));
        long before = await catalogue.ReadRunGenerationAsync(default);
        CatalogueRun first = await ListAsync(catalogue, lease, 1, 3, []);
        long between = await catalogue.ReadRunGenerationAsync(default);
        Assert.True(between > before);
        CatalogueRun second = await ListAsync(catalogue, lease, 4, 9, []);
        CatalogueRun[] listed = [.. await catalogue.ListRunsAsync(default)];
        Assert.Equal([first.Id, second.Id], listed.Select(run => run.Id));
        Assert.Equal((1, 1L, 3L, first.Key, 5L, 600L), (listed[0].Range, listed[0].FirstSequence, listed[0].LastSequence, listed[0].Key, listed[0].Entries, listed[0].Bytes));
        Assert.Equal(first.Checksum.ToArray(), listed[0].Checksum.ToArray());
        CatalogueRun merged = await ListAsync(catalogue, lease, 1, 9, [first.Id, second.Id]);
        Assert.Equal([merged.Id], (await catalogue.ListRunsAsync(default)).Select(run => run.Id));
        Assert.True(await catalogue.ReadRunGenerationAsync(default) > between);
    }

    [Fact]
    public async Task A_run_is_refused_after_the_lease_went_on_or_when_it_replaces_what_is_not_listed_or_comes_twice()
    {
        IIndexCatalogue catalogue = await OpenAsync();
        IndexLease old = (await catalogue.TryLeaseRangeAsync(1, 0, Minute, default))!.Value;
        CatalogueRun first = await ListAsync(catalogue, old, 1, 3, []);
        Clock.Advance(2 * Minute);
        CatalogueRun late = await NewRunAsync(catalogue, 1, 3);
        IndexLease lease = (await catalogue.TryLeaseRangeAsync(1, 0, Minute, default))!.Value;
        Assert.False(await catalogue.ListRunAsync(old, [first.Id], late, default));
        Assert.False(await catalogue.ListRunAsync(new IndexLease(2, 1), [], late, default));
        CatalogueRun second = await ListAsync(catalogue, lease, 1, 4, [first.Id]);
        Assert.False(await catalogue.ListRunAsync(lease, [first.Id], late, default));
        Assert.False(await catalogue.ListRunAsync(lease, [second.Id, 4711], late, default));
        Assert.False(await catalogue.ListRunAsync(lease, [second.Id], late with { Id = 4711 }, default));
        Assert.Equal([second.Id], (await catalogue.ListRunsAsync(default)).Select(run => run.Id));
    }

    [Fact]
    public async Task Processes_are_listed_while_they_are_heard_of()
    {
        IIndexCatalogue catalogue = await OpenAsync();
        long one = await catalogue.RegisterAsync("one:1", [], default);
        long two = await catalogue.RegisterAsync("two:2", [1, 2], default);
        Clock.Advance(Minute);
        Assert.True(await catalogue.BeatAsync(two, [5], default));
        List<IndexProcess> living = await catalogue.ListProcessesAsync(Clock.GetUtcNow() - (Minute / 2), default);
        Assert.Equal((two, "two:2"), (living.Single().Id, living.Single().Endpoint));
        Assert.Equal([5], living.Single().Ranges);
        Assert.Equal([one, two], (await catalogue.ListProcessesAsync(Clock.GetUtcNow() - (2 * Minute), default)).Select(process => process.Id));
        await catalogue.RemoveProcessAsync(two, default);
        Assert.False(await catalogue.BeatAsync(two, [5], default));
        Assert.Equal([one], (await catalogue.ListProcessesAsync(DateTimeOffset.UnixEpoch, default)).Select(process => process.Id));

        // One that was killed leaves its row, and who comes much later takes it away.
        Clock.Advance(TimeSpan.FromHours(2));
        long three = await catalogue.RegisterAsync("one:1", [], default);
        Assert.Equal([three], (await catalogue.ListProcessesAsync(DateTimeOffset.UnixEpoch, default)).Select(process => process.Id));
    }

    private static async Task<CatalogueRun> NewRunAsync(IIndexCatalogue catalogue, long first, long last)
    {
        UploadIntent upload = await catalogue.BeginUploadAsync(id => [BlobNames.Run(1, id)], default);
        return new CatalogueRun(upload.Id, 0, 1, first, last, upload.Keys[0], 5, 600, new byte[] { 1, 2, 3, 4 });
    }

    private static async Task<CatalogueRun> ListAsync(IIndexCatalogue catalogue, IndexLease lease, long first, long last, IReadOnlyList<long> replaced)
    {
        CatalogueRun run = await NewRunAsync(catalogue, first, last);
        Assert.True(await catalogue.ListRunAsync(lease, replaced, run, default));
        return run;
    }
}
