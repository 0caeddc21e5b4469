using Actors.Store.Blobs;
using Actors.Store.Checks;
using Actors.Store.Objects;
using Actors.TestKit.Blobs;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>
/// Random ingests, compactions, sweeps, reopenings and kills of two processes on one shared store whose blobs fail now and then agree with a
/// set of the objects that must be there. What failed in words is not there; what was killed is there whole or not at all.
/// </summary>
public sealed class SharedObjectStoreModelTests(SharedPostgres postgres)
{
    private readonly StoreModel _model = new();
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private StepCrash _crash = new(0);
    private BlobFaults _faults = BlobFaults.None;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_operations_with_crashes_and_faults_agree_with_the_model(int seed)
    {
        using SharedStores stores = await SharedStores.MakeAsync(postgres, Assert.Skip);
        var random = new Random(seed);
        var processes = new SharedObjectStore[2];
        for (int i = 0; i < processes.Length; i++)
        {
            processes[i] = await OpenAsync(stores, seed + i);
        }

        for (int step = 0; step < 40; step++)
        {
            int who = random.Next(2);
            _crash = new StepCrash(random.Next(4) == 0 ? random.Next(1, 8) : 0);
            _faults = random.Next(3) == 0 ? new BlobFaults { Lost = 0.1, Unheard = 0.1, Refused = 0.05 } : BlobFaults.None;
            try
            {
                await ActAsync(processes[who], processes[1 - who], random);
            }
            catch (StepCrash.Killed)
            {
                (_crash, _faults) = (new StepCrash(0), BlobFaults.None);
                await processes[who].DisposeAsync();
                processes[who] = await OpenAsync(stores, random.Next());
                await _model.AdoptAsync(processes[who]);
            }
            catch (BlobStoreException)
            {
                // Said to have failed: nothing may have become visible of what was not expected.
            }

            (_crash, _faults) = (new StepCrash(0), BlobFaults.None);

            // A dead process's leases run out.
            _clock.Advance(TimeSpan.FromHours(random.Next(1, 30)));
            if (random.Next(10) == 0)
            {
                await processes[who].DisposeAsync();
                processes[who] = await OpenAsync(stores, random.Next());
            }

            await _model.AssertAgreesAsync(processes[random.Next(2)]);
        }

        await ConvergeAsync(processes[0], processes[1]);
        foreach (SharedObjectStore process in processes)
        {
            await process.DisposeAsync();
        }
    }

    private async Task ConvergeAsync(SharedObjectStore store, SharedObjectStore other)
    {
        foreach (TestHistory history in _model.Aside)
        {
            await _model.IngestAsync(store, history, _ => true);
        }

        await store.ReconsiderAsideAsync(Stop);
        Assert.Empty(await other.ListAsideAsync(Stop).ToListAsync(Stop));
        Assert.InRange((await other.CompactAsync(new CompactionOptions { Full = true }, Stop)).PacksAfter, 0, 1);
        _clock.Advance(TimeSpan.FromDays(3));
        await store.SweepAsync(Stop);
        Assert.Equal(_model.Committed.Count, (await store.ReadFiguresAsync(Stop)).Objects);
        await _model.AssertAgreesAsync(store);
        await _model.AssertAgreesAsync(other);
        Assert.Empty(await new StoreCheck(other, null, new StoreCheckOptions { Threads = 1 }).RunAsync(Stop).ToListAsync(Stop));
    }

    private async Task ActAsync(SharedObjectStore store, SharedObjectStore other, Random random)
    {
        switch (random.Next(9))
        {
            case 0:
                await store.CompactAsync(new CompactionOptions { Full = random.Next(2) == 0 }, Stop);
                break;
            case 1:
                await store.CompactIfDueAsync(Stop);
                break;
            case 2:
                await ReconsiderAsync(store);
                break;
            case 3:
                var cut = new TestHistory($"line {random.Next(30)}");
                _model.Aside.Add(cut);
                await _model.IngestAsync(store, cut, oid => oid != cut.Blob);
                break;
            case 4:
                await store.SweepAsync(Stop);
                break;
            case 5:
                await IngestTogetherAsync([store, store, other], [.. Enumerable.Range(0, 3).Select(_ => new TestHistory($"line {random.Next(30)}"))]);
                break;
            default:
                await _model.IngestAsync(store, new TestHistory($"line {random.Next(30)}"), _ => true);
                break;
        }
    }

    /// <summary>At once, in one process and in two: each is new exactly once, or failed.</summary>
    private async Task IngestTogetherAsync(SharedObjectStore[] processes, TestHistory[] histories)
    {
        Task<CommitResult>[] commits = [.. processes.Zip(histories, (process, history) => Task.Run(() => CommitAsync(process, history), Stop))];
        await ((Task)Task.WhenAll(commits)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TestHistory[] done = [.. histories.Where((_, i) => commits[i].IsCompletedSuccessfully)];
        int expected = done.SelectMany(history => history.Objects.Keys).Distinct().Count(oid => !_model.Committed.ContainsKey(oid));
        long told = 0;
        foreach (Task<CommitResult> commit in commits.Where(one => one.IsCompletedSuccessfully))
        {
            told += (await commit).NewObjects;
        }

        Array.ForEach(done, _model.Expect);
        Assert.Equal(expected, told);
        await Task.WhenAll(commits);

        static async Task<CommitResult> CommitAsync(SharedObjectStore process, TestHistory history)
        {
            await using IPackIngest ingest = await process.BeginIngestAsync(new IngestOptions { Threads = 1 }, Stop);
            await ingest.AddAsync(history.Pack().ToStream(), Stop);
            return await ingest.CommitAsync("model", null, Stop);
        }
    }

    private async Task ReconsiderAsync(SharedObjectStore store)
    {
        TestHistory[] closed = [.. _model.Aside.Where(one => _model.Committed.ContainsKey(one.Blob))];
        try
        {
            await store.ReconsiderAsideAsync(Stop);
        }
        catch (BlobStoreException)
        {
            // Each pack aside is a step of its own.
            _faults = BlobFaults.None;
            await _model.AdoptAsync(store);
            throw;
        }

        Array.ForEach(closed, _model.Expect);
    }

    private Task<SharedObjectStore> OpenAsync(SharedStores stores, int seed)
    {
        var blobs = new FaultyBlobStore(stores.OpenBlobs(), seed, BlobFaults.None);
        blobs.Observer = (_, _) => blobs.Faults = _faults;
        return stores.OpenAsync(
            SharedStores.Options with { MergedAtOnce = 4, OpenPacksMax = 4, CacheBytesMax = 20_000, GroupWindow = TimeSpan.Zero, Step = name => _crash.Step(name) },
            blobs,
            _clock);
    }
}
