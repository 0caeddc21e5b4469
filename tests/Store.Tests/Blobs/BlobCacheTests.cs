using Actors.Store.Blobs;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.Blobs;

public sealed class BlobCacheTests : IAsyncLifetime
{
    private const int Block = 1000;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly CountingBlobStore _blobs = new(new MemoryBlobStore(TimeProvider.System));
    private BlobCache _cache = null!;

    public ValueTask InitializeAsync()
    {
        _cache = Open(1 << 20);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Only_the_blocks_of_a_range_are_fetched_and_each_once()
    {
        byte[] bytes = await PutAsync("a", 100_500);
        using BlobLease lease = await _cache.RentAsync(Key("a"), bytes.Length, None);
        Assert.Equal(bytes.Length, new FileInfo(lease.Path).Length);
        Assert.Empty(_blobs.Reads);
        await lease.EnsureAsync(50_999, 2, None);
        AssertHas(lease, bytes, 50_999, 2);
        Assert.Equal([("a", 50_000L, 2000)], _blobs.Reads);
        await lease.EnsureAsync(50_000, 2000, None);
        await lease.EnsureAsync(7, 0, None);
        Assert.Single(_blobs.Reads);
        await lease.EnsureAsync(100_499, 1, None);
        AssertHas(lease, bytes, 100_000, 500);
        Assert.Equal(("a", 100_000L, 500), _blobs.Reads.Last());
        Assert.Equal(2500, _cache.Bytes);
    }

    [Fact]
    public async Task A_whole_blob_comes_in_large_requests_a_small_one_in_one()
    {
        byte[] large = await PutAsync("large", 20_001);
        using (BlobLease lease = await _cache.RentWholeAsync(Key("large"), large.Length, None))
        {
            Assert.Equal(large, await File.ReadAllBytesAsync(lease.Path));
            Assert.Equal([8000, 8000, 4001], _blobs.Reads.Select(read => read.Length));
        }

        byte[] small = await PutAsync("small", 1999);
        using (BlobLease lease = await _cache.RentAsync(Key("small"), small.Length, None))
        {
            await lease.EnsureAsync(1998, 1, None);
            Assert.Equal(small, await File.ReadAllBytesAsync(lease.Path));
            Assert.Equal(("small", 0L, 1999), _blobs.Reads.Last());
        }

        using BlobLease empty = await _cache.RentWholeAsync(Key("empty"), 0, None);
        Assert.Equal(0, new FileInfo(empty.Path).Length);
        Assert.Equal(4, _blobs.Reads.Count);
    }

    [Fact]
    public async Task Readers_of_one_block_share_one_request()
    {
        byte[] bytes = await PutAsync("a", 10_000);
        TaskCompletionSource arrive = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _blobs.Before = () => arrive.Task;
        using CancellationTokenSource impatient = new();
        using BlobLease lease = await _cache.RentAsync(Key("a"), bytes.Length, None);
        Task first = lease.EnsureAsync(3000, 10, impatient.Token).AsTask();
        Task[] readers = [.. Enumerable.Range(0, 16).Select(i => lease.EnsureAsync(3000 + i, 500, None).AsTask())];
        // One that gives up takes the bytes from nobody.
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.DoesNotContain(readers, reader => reader.IsCompleted);
        arrive.SetResult();
        await Task.WhenAll(readers);
        AssertHas(lease, bytes, 3000, 1000);
        Assert.Equal([("a", 3000L, Block)], _blobs.Reads);
    }

    [Fact]
    public async Task Whoever_reads_forwards_needs_fewer_and_larger_requests()
    {
        byte[] bytes = await PutAsync("a", 64 * Block);
        using BlobLease lease = await _cache.RentAsync(Key("a"), bytes.Length, None);
        for (int offset = 0; offset < bytes.Length; offset += 100)
        {
            await lease.EnsureAsync(offset, 100, None);
            AssertHas(lease, bytes, offset, 100);
        }

        int[] lengths = [.. _blobs.Reads.Select(read => read.Length / Block)];
        Assert.Equal(64, lengths.Sum());
        Assert.Equal([1, 2, 5, 8, 8, 8, 8, 8, 8, 8], lengths);
    }

    [Fact]
    public async Task What_is_longest_unused_goes_first_and_what_is_rented_stays()
    {
        await using BlobCache cache = Open(3000);
        foreach (string name in (string[])["a", "b", "c", "d"])
        {
            await PutAsync(name, 1500);
        }

        using BlobLease a = await cache.RentWholeAsync(Key("a"), 1500, None);
        string[] paths = new string[3];
        foreach ((string name, int i) in (IEnumerable<(string, int)>)[("b", 0), ("c", 1), ("b", 0)])
        {
            using BlobLease lease = await cache.RentWholeAsync(Key(name), 1500, None);
            paths[i] = lease.Path;
        }

        // a is held and b was used last: c went, and b had to come again.
        Assert.Equal(3000, cache.Bytes);
        Assert.False(File.Exists(paths[1]));
        using (BlobLease d = await cache.RentWholeAsync(Key("d"), 1500, None))
        {
            Assert.False(File.Exists(paths[0]));
            Assert.Equal(3000, cache.Bytes);
            using BlobLease b = await cache.RentWholeAsync(Key("b"), 1500, None);
            Assert.True(cache.IsOverLimit);
            Assert.All((BlobLease[])[a, b, d], lease => Assert.True(File.Exists(lease.Path)));
        }

        Assert.False(cache.IsOverLimit);
        Assert.Equal(BytesOf("a", 1500), await File.ReadAllBytesAsync(a.Path));
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_wait_and_the_next_asks_again()
    {
        byte[] bytes = await PutAsync("a", 5000);
        TaskCompletionSource fail = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _blobs.Before = () => fail.Task;
        using BlobLease lease = await _cache.RentAsync(Key("a"), bytes.Length, None);
        Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => lease.EnsureAllAsync(None).AsTask())];
        fail.SetException(new BlobStoreException("down", isTransient: true));
        foreach (Task reader in readers)
        {
            await Assert.ThrowsAsync<BlobStoreException>(() => reader);
        }

        Assert.Single(_blobs.Reads);
        _blobs.Before = () => Task.CompletedTask;
        await lease.EnsureAllAsync(None);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(lease.Path));
    }

    [Fact]
    public async Task A_blob_that_is_not_there_or_not_so_long_is_told()
    {
        await PutAsync("short", 4000);
        await Assert.ThrowsAsync<FileNotFoundException>(() => _cache.RentWholeAsync(Key("none"), 10, None).AsTask());
        await Assert.ThrowsAsync<InvalidDataException>(() => _cache.RentWholeAsync(Key("short"), 4001, None).AsTask());
        Assert.Equal(0, _cache.Bytes);
    }

    [Fact]
    public async Task An_own_file_is_taken_in_without_a_request()
    {
        string path = _cache.NewPath(".pack");
        await File.WriteAllBytesAsync(path, BytesOf("a", 5000));
        _cache.Adopt(Key("a"), path);
        Assert.False(File.Exists(path));
        using BlobLease lease = await _cache.RentWholeAsync(Key("a"), 5000, None);
        Assert.Equal(BytesOf("a", 5000), await File.ReadAllBytesAsync(lease.Path));
        Assert.Empty(_blobs.Reads);
    }

    [Fact]
    public async Task Each_cache_has_a_folder_of_its_own_and_those_of_the_dead_are_removed()
    {
        await PutAsync("a", 3000);
        await using BlobCache other = Open(1 << 20);
        using BlobLease one = await _cache.RentWholeAsync(Key("a"), 3000, None);
        using BlobLease two = await other.RentWholeAsync(Key("a"), 3000, None);
        Assert.NotEqual(Path.GetDirectoryName(one.Path), Path.GetDirectoryName(two.Path));
        // What a killed process leaves: a folder, and its lock that nobody holds.
        string left = _folder.Write("cache/999999999-0/1.pack", "left");
        _folder.Write("cache/999999999-0.lock", "");
        await using (Open(1 << 20))
        {
            Assert.False(File.Exists(left));
            Assert.True(File.Exists(one.Path));
            Assert.True(File.Exists(two.Path));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Many_readers_and_little_room_read_the_right_bytes(int seed)
    {
        await using BlobCache cache = Open(30_000);
        byte[][] blobs = [.. await Task.WhenAll(Enumerable.Range(0, 12).Select(i => PutAsync($"k{i}", 500 + (i * 1700))))];
        Random faults = new(seed);
        _blobs.Before = () =>
        {
            lock (faults)
            {
                return faults.Next(10) == 0 ? Task.FromException(new BlobStoreException("by the test", isTransient: true)) : faults.Next(2) == 0 ? Task.CompletedTask : YieldAsync();
            }
        };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            Random random = new((seed * 100) + worker);
            for (int i = 0; i < 150; i++)
            {
                int number = random.Next(blobs.Length);
                int offset = random.Next(blobs[number].Length);
                int length = random.Next(blobs[number].Length - offset);
                using BlobLease lease = await cache.RentAsync(Key($"k{number}"), blobs[number].Length, None);
                try
                {
                    await lease.EnsureAsync(offset, length, None);
                }
                catch (BlobStoreException)
                {
                    continue;
                }

                AssertHas(lease, blobs[number], offset, length);
            }
        })));
        Assert.InRange(cache.Bytes, 0, 30_000);
    }

    private static async Task YieldAsync() => await Task.Yield();

    private BlobCache Open(long bytesMax) => BlobCache.Open(_blobs, _folder["cache"], new BlobCacheOptions { BytesMax = bytesMax, BlockBytes = Block, RequestBytesMax = 8 * Block, RequestsMax = 2 });

    private static BlobKey Key(string text) => BlobKey.Parse(text);

    private static byte[] BytesOf(string name, int length)
    {
        byte[] bytes = new byte[length];
        new Random(name[^1]).NextBytes(bytes);
        return bytes;
    }

    private async Task<byte[]> PutAsync(string name, int length)
    {
        byte[] bytes = BytesOf(name, length);
        await _blobs.PutAsync(Key(name), new MemoryStream(bytes), BlobPutOptions.Replace, None);
        return bytes;
    }

    private static void AssertHas(BlobLease lease, byte[] bytes, int offset, int length)
    {
        using FileStream file = new(lease.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        byte[] seen = new byte[length];
        file.ReadExactly(seen);
        Assert.Equal(bytes[offset..(offset + length)], seen);
    }
}
