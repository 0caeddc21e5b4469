using Actors.Git;
using Actors.Git.Objects;
using Actors.Store.Objects;
using Actors.TestKit.Clocks;
using Xunit;

namespace Actors.Store.Tests.Objects;

public sealed partial class LocalObjectStoreTests
{
    [Fact]
    public async Task Second_writer_is_told_who_has_the_store()
    {
        await using LocalObjectStore store = Open();
        StoreOpenException refused = Assert.Throws<StoreOpenException>(() => Open());
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_is_free_again_after_its_writer_and_keeps_what_was_committed()
    {
        var history = new TestHistory();
        await using (LocalObjectStore store = Open())
        {
            await IngestAsync(store, history.Pack());
        }

        await using LocalObjectStore again = Open();
        await AssertHoldsAsync(again, history);
        Assert.Equal(new CommitResult { Status = CommitStatus.Committed, KnownObjects = history.Objects.Count }.KnownObjects, (await IngestAsync(again, history.Pack())).KnownObjects);
    }

    [Fact]
    public void Reader_of_no_store_is_told_so()
    {
        Assert.Throws<StoreOpenException>(() => Open(StoreAccess.Read));
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Fact]
    public async Task Unknown_format_is_refused_by_readers_and_writers()
    {
        await Open().DisposeAsync();
        File.WriteAllText(_folder["store", "format"], "actors store 2\n");
        StoreOpenException refused = Assert.Throws<StoreOpenException>(() => Open());
        Assert.Contains("'actors store 2'", refused.Message, StringComparison.Ordinal);
        Assert.Throws<StoreOpenException>(() => Open(StoreAccess.Read));
    }

    [Fact]
    public async Task Reader_takes_in_nothing()
    {
        await Open().DisposeAsync();
        await using LocalObjectStore reader = Open(StoreAccess.Read);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.BeginIngestAsync(new IngestOptions(), Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.CompactAsync(new CompactionOptions(), Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.ReconsiderAsideAsync(Stop));
    }

    [Fact]
    public async Task Reader_sees_new_packs_when_it_looks_again()
    {
        var first = new TestHistory("first");
        var second = new TestHistory("second");
        var clock = new ManualTimeProvider();
        await using LocalObjectStore store = Open();
        await IngestAsync(store, first.Pack());
        await using var reader = LocalObjectStore.Open(_folder["store"], StoreAccess.Read, clock);
        await AssertHoldsAsync(reader, first);
        await IngestAsync(store, second.Pack());

        Assert.Equal([false], await ContainsAsync(reader, second.Commit));
        clock.Advance(LocalStoreOptions.Default.RefreshInterval);
        Assert.Equal([true], await ContainsAsync(reader, second.Commit));
        await AssertHoldsAsync(reader, second);
    }

    [Fact]
    public async Task Reader_finds_objects_whose_packs_were_merged_away()
    {
        TestHistory[] histories = [.. Enumerable.Range(0, 5).Select(i => new TestHistory($"line {i}"))];
        await using LocalObjectStore store = Open();
        await using var reader = LocalObjectStore.Open(_folder["store"], StoreAccess.Read, new ManualTimeProvider());
        await using var late = LocalObjectStore.Open(_folder["store"], StoreAccess.Read, new ManualTimeProvider());
        for (int round = 0; round < 3; round++)
        {
            foreach (TestHistory history in histories)
            {
                await IngestAsync(store, history.Pack());
            }

            await reader.ReadFiguresAsync(Stop);
            await store.CompactAsync(new CompactionOptions { Full = true }, Stop);
            foreach (TestHistory history in histories)
            {
                await AssertHoldsAsync(reader, history);
            }

            histories = [.. histories.Select((_, i) => new TestHistory($"line {i} of round {round}"))];
        }

        await late.ReadFiguresAsync(Stop);
        Assert.Equal(1, (await late.ReadFiguresAsync(Stop)).Packs);
    }

    [Fact]
    public async Task Readers_and_ingests_go_on_during_compactions()
    {
        await using LocalObjectStore store = Open(options: LocalStoreOptions.Default with { OpenPacksMax = 3, Fsync = false });
        TestHistory[] known = [.. Enumerable.Range(0, 20).Select(i => new TestHistory($"line {i}"))];
        foreach (TestHistory history in known)
        {
            await IngestAsync(store, history.Pack());
        }

        using var done = new CancellationTokenSource();
        Task reading = Task.Run(
            async () =>
            {
                while (!done.IsCancellationRequested)
                {
                    foreach (TestHistory history in known)
                    {
                        await AssertHoldsAsync(store, history);
                        Assert.Equal(history.Objects.Values.Select(one => one.Type), await TypesAsync(store, [.. history.Objects.Keys]));
                        await store.WritePackAsync([.. history.Objects.Keys], Stream.Null, Stop);
                    }
                }
            },
            Stop);
        for (int round = 0; round < 8; round++)
        {
            TestHistory[] more = [.. Enumerable.Range(0, 4).Select(i => new TestHistory($"more {round} {i}"))];
            await Task.WhenAll(more.Select(one => (Task)IngestAsync(store, one.Pack())).Append(store.CompactAsync(new CompactionOptions { Full = true }, Stop)));
        }

        await done.CancelAsync();
        await reading;
        Assert.Equal(1, (await store.CompactAsync(new CompactionOptions { Full = true }, Stop)).PacksAfter);
    }

    [Fact]
    public async Task Pack_with_the_name_of_a_stored_one_and_other_objects_is_refused()
    {
        var stored = new TestHistory("stored");
        var came = new TestHistory("came");
        await using (LocalObjectStore store = Open())
        {
            await IngestAsync(store, stored.Pack());
        }

        // As if SHA-1 gave both packs one checksum.
        Oid name = Oid.FromBytes(came.Pack().ToBytes().AsSpan(^Oid.Length..));
        foreach (string file in Directory.GetFiles(_folder["store", "objects", "pack"]))
        {
            File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, $"pack-{name}{Path.GetExtension(file)}"));
        }

        await using LocalObjectStore again = Open();
        GitFormatException refused = await Assert.ThrowsAsync<GitFormatException>(() => IngestAsync(again, came.Pack()));
        Assert.Equal(GitFormatError.Collision, refused.Kind);
        Assert.Equal([false], await ContainsAsync(again, came.Commit));
        await AssertHoldsAsync(again, stored);
    }
}
