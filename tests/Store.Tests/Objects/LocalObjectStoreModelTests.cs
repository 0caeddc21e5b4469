using Actors.Git.Objects;
using Actors.Store.Index;
using Actors.Store.Objects;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.Objects;

/// <summary>Random ingests, compactions, reopenings and crashes agree with a set of the objects that must be there.</summary>
public sealed class LocalObjectStoreModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StoreModel _model = new();
    private int _crashIn;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Random_operations_with_crashes_agree_with_the_model(int seed)
    {
        var random = new Random(seed);
        LocalObjectStore store = Open();
        for (int step = 0; step < 60; step++)
        {
            _crashIn = random.Next(4) == 0 ? random.Next(1, 8) : 0;
            try
            {
                await ActAsync(store, random);
            }
            catch (Crash)
            {
                // The process is gone: nothing is disposed in order but the lock, which the system takes back.
                _crashIn = 0;
                await store.DisposeAsync();
                store = Open();
                await _model.AdoptAsync(store);
            }

            if (random.Next(10) == 0)
            {
                await store.DisposeAsync();
                store = Open();
            }

            await _model.AssertAgreesAsync(store);
        }

        // Faults stop: all must converge.
        _crashIn = 0;
        foreach (TestHistory history in _model.Aside)
        {
            await _model.IngestAsync(store, history, _ => true);
        }

        await store.ReconsiderAsideAsync(Stop);
        Assert.Empty(await store.ListAsideAsync(Stop).ToListAsync(Stop));
        Assert.InRange((await store.CompactAsync(new CompactionOptions { Full = true }, Stop)).PacksAfter, 0, 1);
        Assert.Equal(_model.Committed.Count, (await store.ReadFiguresAsync(Stop)).Objects);
        await _model.AssertAgreesAsync(store);
        await store.DisposeAsync();
    }

    private async Task ActAsync(LocalObjectStore store, Random random)
    {
        switch (random.Next(6))
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
            default:
                await _model.IngestAsync(store, new TestHistory($"line {random.Next(30)}"), _ => true);
                break;
        }
    }

    private async Task ReconsiderAsync(LocalObjectStore store)
    {
        TestHistory[] closed = [.. _model.Aside.Where(one => _model.Committed.ContainsKey(one.Blob))];
        await store.ReconsiderAsideAsync(Stop);
        foreach (TestHistory history in closed)
        {
            _model.Expect(history);
        }
    }

    private LocalObjectStore Open() => LocalObjectStore.Open(_folder["store"], StoreAccess.Write, TimeProvider.System, new LocalStoreOptions
    {
        Fsync = false,
        MergedAtOnce = 4,
        OpenPacksMax = 4,
        Index = ObjectIndexOptions.Default with { Fsync = false, MemoryOidsMax = 64, MemoryPacksMax = 8 },
        Step = step =>
        {
            if (_crashIn > 0 && --_crashIn == 0)
            {
                throw new Crash(step);
            }
        },
    });

    private sealed class Crash(string step) : Exception(step);
}
