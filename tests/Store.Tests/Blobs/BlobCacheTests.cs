using Actors.Store.Blobs;
using Actors.TestKit;
using Actors.TestKit.Blobs;
using Xunit;

namespace Actors.Store.Tests.Blobs;

public sealed class BlobCacheTests : IAsyncDisposable
{
    private const int Block = 16;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _blobs = new(TimeProvider.System);
    private readonly FaultyBlobStore _source;

    public BlobCacheTests() => _source = new FaultyBlobStore(_blobs, 1, BlobFaults.None);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _blobs.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_fetched_and_only_once()
    {
        (BlobKey key, byte[] content) = await PutAsync("a", 10 * Block);
        await using BlobCache cache = Open();
        using BlobLease lease = await cache.RentAsync(key, content.Length, Stop);
        Assert.Equal((content.Length, 0), (new FileInfo(lease.Path).Length, _source.Calls));

        await lease.EnsureAsync((3 * Block) + 5, 2, Stop);
        await lease.EnsureAsync((3 * Block) + 1, 9, Stop);
        Assert.Equal(((long)Block, 1L), (cache.FetchedBytes, cache.Requests));
        Assert.Equal(content[(3 * Block)..(4 * Block)], Read(lease)[(3 * Block)..(4 * Block)]);
        Assert.Equal(new byte[3 * Block], Read(lease)[..(3 * Block)]);
        Assert.False(lease.IsWhole);

        await lease.EnsureAllAsync(Stop);
        Assert.True(lease.IsWhole);
        Assert.Equal((content.Length, 3L), (cache.FetchedBytes, cache.Requests));
        Assert.Equal(content, Read(lease));
    }

    [Fact]
    public async Task Small_blob_comes_whole_and_the_last_block_is_shorter()
    {
        (BlobKey small, byte[] one) = await PutAsync("small", 2 * Block);
        (BlobKey odd, byte[] two) = await PutAsync("odd", (3 * Block) + 1);
        await using BlobCache cache = Open();
        using BlobLease first = await cache.RentAsync(small, one.Length, Stop);
        await first.EnsureAsync(0, 1, Stop);
        Assert.Equal(one, Read(first));
        using BlobLease second = await cache.RentWholeAsync(odd, two.Length, Stop);
        Assert.Equal(two, Read(second));
    }

    [Fact]
    public async Task Empty_blob_needs_no_request()
    {
        await using BlobCache cache = Open();
        using BlobLease lease = await cache.RentWholeAsync(BlobKey.Parse("nothing"), 0, Stop);
        Assert.Empty(Read(lease));
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task Those_who_need_the_same_block_share_a_request()
    {
        (BlobKey key, byte[] content) = await PutAsync("a", 10 * Block);
        await using BlobCache cache = Open();
        using BlobLease lease = await cache.RentAsync(key, content.Length, Stop);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => lease.EnsureAsync(i % Block, 1, Stop).AsTask(), Stop)));
        Assert.Equal(1, cache.Requests);
    }

    [Fact]
    public async Task Who_reads_forwards_gets_more_with_each_request()
    {
        (BlobKey key, byte[] content) = await PutAsync("a", 100 * Block);
        await using BlobCache cache = Open(BlobCacheOptions.Default with { BlockBytes = Block, RequestBytesMax = 8 * Block });
        using BlobLease lease = await cache.RentAsync(key, content.Length, Stop);
        for (int at = 0; at < content.Length; at += 5)
        {
            await lease.EnsureAsync(at, Math.Min(5, content.Length - at), Stop);
        }

        Assert.Equal(content, Read(lease));
        Assert.InRange(cache.Requests, 13, 25);
    }

    [Fact]
    public async Task Failed_request_is_an_error_and_made_again_by_the_next()
    {
        (BlobKey key, byte[] content) = await PutAsync("a", 10 * Block);
        await using BlobCache cache = Open();
        using BlobLease lease = await cache.RentAsync(key, content.Length, Stop);
        _source.Faults = new BlobFaults { Lost = 1 };
        await Assert.ThrowsAsync<BlobStoreException>(() => lease.EnsureAllAsync(Stop).AsTask());
        Assert.False(lease.IsWhole);
        _source.Faults = BlobFaults.None;
        await lease.EnsureAllAsync(Stop);
        Assert.Equal(content, Read(lease));
    }

    [Fact]
    public async Task Caller_that_leaves_does_not_end_the_request_of_the_others()
    {
        (BlobKey key, byte[] content) = await PutAsync("a", 10 * Block);
        await using BlobCache cache = Open();
        using BlobLease lease = await cache.RentAsync(key, content.Length, Stop);
        using var leaving = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var go = new ManualResetEventSlim();
        _source.Observer = (_, _) =>
        {
            started.TrySetResult();
            go.Wait(Stop);
        };
        Task leaver = lease.EnsureAsync(0, Block, leaving.Token).AsTask();
        Task stayer = lease.EnsureAsync(0, Block, Stop).AsTask();
        await started.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        go.Set();
        await stayer;
        Assert.Equal(1, cache.Requests);
        Assert.Equal(content[..Block], Read(lease)[..Block]);
    }

    [Fact]
    public async Task Blob_that_is_not_there_or_shorter_is_an_error()
    {
        (BlobKey key, byte[] content) = await PutAsync("a", 4 * Block);
        await using BlobCache cache = Open();
        await Assert.ThrowsAsync<FileNotFoundException>(() => cache.RentWholeAsync(BlobKey.Parse("nowhere"), 100, Stop).AsTask());
        await Assert.ThrowsAsync<InvalidDataException>(() => cache.RentWholeAsync(key, content.Length + 1, Stop).AsTask());
    }

    [Fact]
    public async Task Full_disk_is_an_error_and_never_zeros()
    {
        // The file is gone from under the cache: a write that fails, as on a full disk.
        (BlobKey key, byte[] content) = await PutAsync("a", 10 * Block);
        await using BlobCache cache = Open();
        using BlobLease lease = await cache.RentAsync(key, content.Length, Stop);
        File.Delete(lease.Path);
        await Assert.ThrowsAnyAsync<IOException>(() => lease.EnsureAsync(0, 1, Stop).AsTask());
        Assert.False(lease.IsWhole);
    }

    [Fact]
    public async Task Longest_unused_goes_first_and_what_is_rented_stays()
    {
        await using BlobCache cache = Open(BlobCacheOptions.Default with { BlockBytes = Block, BytesMax = 5 * Block });
        var keys = new List<BlobKey>();
        for (int i = 0; i < 4; i++)
        {
            keys.Add((await PutAsync($"blob{i}", 2 * Block)).Key);
        }

        using BlobLease kept = await cache.RentWholeAsync(keys[0], 2 * Block, Stop);
        await TouchAsync(1);
        await TouchAsync(2);
        Assert.Equal(4 * Block, cache.Bytes);
        Assert.False(cache.IsOverLimit);
        Assert.Equal(3, cache.Requests);

        // 1 went for 2, 2 is there still, and so is what is rented.
        await TouchAsync(2);
        await cache.RentWholeAsync(keys[0], 2 * Block, Stop);
        Assert.Equal(3, cache.Requests);
        await TouchAsync(1);
        Assert.Equal(4, cache.Requests);

        async Task TouchAsync(int i) => (await cache.RentWholeAsync(keys[i], 2 * Block, Stop)).Dispose();
    }

    [Fact]
    public async Task Adopted_file_is_not_fetched()
    {
        await using BlobCache cache = Open();
        string path = cache.NewPath(".pack");
        byte[] content = Bytes(3 * Block);
        await File.WriteAllBytesAsync(path, content, Stop);
        cache.Adopt(BlobKey.Parse("a"), path);
        Assert.False(File.Exists(path));
        using BlobLease lease = await cache.RentWholeAsync(BlobKey.Parse("a"), content.Length, Stop);
        Assert.Equal(content, Read(lease));
        Assert.Equal((0L, (long)content.Length), (_source.Calls, cache.Bytes));
    }

    [Fact]
    public async Task Folders_of_dead_processes_go_and_those_of_the_living_stay()
    {
        string parent = _folder.Make("cache");
        Directory.CreateDirectory(Path.Combine(parent, "7-0"));
        await File.WriteAllTextAsync(Path.Combine(parent, "7-0", "1.pack"), "left", Stop);
        await File.WriteAllTextAsync(Path.Combine(parent, "7-0.lock"), "", Stop);
        await using BlobCache one = Open();
        await using (BlobCache two = Open())
        {
            Assert.NotEqual(one.Folder, two.Folder);
            Assert.Equal(new[] { one.Folder, two.Folder }.Order(), Directory.GetDirectories(parent).Order());
        }

        Assert.Equal([one.Folder], Directory.GetDirectories(parent));
    }

    [Fact]
    public async Task Random_ranges_read_as_the_blob_has_them()
    {
        var random = new Random(5);
        (BlobKey Key, byte[] Content)[] all = [.. await Task.WhenAll(Enumerable.Range(0, 8).Select(i => PutAsync($"blob{i}", random.Next(1, 40 * Block))))];
        await using BlobCache cache = Open(BlobCacheOptions.Default with { BlockBytes = Block, RequestBytesMax = 4 * Block, RequestsMax = 2, BytesMax = 60 * Block });
        int[] seeds = [.. Enumerable.Range(0, 40).Select(_ => random.Next())];
        await Task.WhenAll(seeds.Select(seed => Task.Run(
            async () =>
            {
                var mine = new Random(seed);
                for (int i = 0; i < 20; i++)
                {
                    (BlobKey key, byte[] content) = all[mine.Next(all.Length)];
                    using BlobLease lease = await cache.RentAsync(key, content.Length, Stop);
                    int from = mine.Next(content.Length);
                    int to = mine.Next(from, content.Length + 1);
                    await lease.EnsureAsync(from, to - from, Stop);
                    Assert.Equal(content[from..to], Read(lease)[from..to]);
                }
            },
            Stop)));
        Assert.False(cache.IsOverLimit);
    }

    private BlobCache Open(BlobCacheOptions? options = null) =>
        BlobCache.Open(_source, _folder["cache"], options ?? BlobCacheOptions.Default with { BlockBytes = Block });

    private async Task<(BlobKey Key, byte[] Content)> PutAsync(string name, int length)
    {
        var key = BlobKey.Parse(name);
        byte[] content = Bytes(length);
        await _blobs.PutAsync(key, new MemoryStream(content), BlobPutOptions.Absent, Stop);
        return (key, content);
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(1 + (i % 251)))];

    private static byte[] Read(BlobLease lease)
    {
        using var file = new FileStream(lease.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
