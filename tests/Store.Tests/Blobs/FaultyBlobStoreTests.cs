using Actors.Store.Blobs;
using Actors.TestKit.Blobs;
using Xunit;

namespace Actors.Store.Tests.Blobs;

/// <summary>Without faults it is the store that it wraps; with faults it does what each says.</summary>
public sealed class FaultyBlobStoreTests : BlobStoreConformance
{
    private readonly MemoryBlobStore _memory = new(TimeProvider.System);

    protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new FaultyBlobStore(_memory, 1, BlobFaults.None));

    protected override IBlobStore OpenAgain() => Store;

    [Fact]
    public async Task Lost_is_not_done_and_unheard_is()
    {
        await using FaultyBlobStore lost = new(_memory, 1, new BlobFaults { Lost = 1 });
        Assert.True((await Assert.ThrowsAsync<BlobStoreException>(() => lost.PutAsync(Key("a"), new MemoryStream([1]), BlobPutOptions.Absent, None))).IsTransient);
        Assert.Null(await _memory.FindAsync(Key("a"), None));
        await using FaultyBlobStore unheard = new(_memory, 1, new BlobFaults { Unheard = 1 });
        Assert.True((await Assert.ThrowsAsync<BlobStoreException>(() => unheard.PutAsync(Key("a"), new MemoryStream([1]), BlobPutOptions.Absent, None))).IsTransient);
        Assert.NotNull(await _memory.FindAsync(Key("a"), None));
        await using FaultyBlobStore refused = new(_memory, 1, new BlobFaults { Refused = 1 });
        Assert.False((await Assert.ThrowsAsync<BlobStoreException>(() => refused.FindAsync(Key("a"), None))).IsTransient);
    }

    [Fact]
    public async Task From_its_death_on_nothing_is_done()
    {
        await using FaultyBlobStore store = new(_memory, 1, BlobFaults.None) { DeadFrom = 1 };
        Assert.True(await store.PutAsync(Key("a"), new MemoryStream([1]), BlobPutOptions.Absent, None));
        await Assert.ThrowsAsync<BlobStoreException>(() => store.DeleteAsync([Key("a")], None));
        await Assert.ThrowsAsync<BlobStoreException>(() => store.PutAsync(Key("b"), new MemoryStream([1]), BlobPutOptions.Absent, None));
        Assert.Equal(["a"], (await ListAsync("")).Select(blob => blob.Key.ToString()));
        Assert.Equal(3, store.Calls);
    }

    [Fact]
    public async Task The_same_seed_brings_the_same_faults()
    {
        List<string>[] runs = [[], []];
        foreach (List<string> run in runs)
        {
            await using FaultyBlobStore store = new(new MemoryBlobStore(TimeProvider.System), 7, new BlobFaults { Lost = 0.2, Unheard = 0.2, Refused = 0.1, Cut = 0.3 });
            for (int i = 0; i < 100; i++)
            {
                try
                {
                    await store.PutAsync(Key($"k{i % 9}"), new MemoryStream(BytesOf(2000)), BlobPutOptions.Replace, None);
                    await using Stream? stream = await store.OpenAsync(Key($"k{i % 7}"), 0, None);
                    await (stream?.CopyToAsync(Stream.Null) ?? Task.CompletedTask);
                    run.Add("done");
                }
                catch (BlobStoreException e)
                {
                    run.Add(e.Message);
                }
            }
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Contains("done", runs[0]);
        Assert.Contains(runs[0], line => line.EndsWith("lost by the test", StringComparison.Ordinal));
        Assert.Contains(runs[0], line => line.EndsWith("refused by the test", StringComparison.Ordinal));
    }
}
