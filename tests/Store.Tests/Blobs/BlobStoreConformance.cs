using Actors.Store.Blobs;
using Xunit;

namespace Actors.Store.Tests.Blobs;

/// <summary>What holds for every <see cref="IBlobStore"/>.</summary>
public abstract class BlobStoreConformance : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Empty at the beginning of each test.</summary>
    protected IBlobStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        Clean();
    }

    /// <summary>An empty store.</summary>
    protected abstract Task<IBlobStore> OpenAsync();

    /// <summary>The same place, opened anew as by another process; where that cannot be, the store itself.</summary>
    protected abstract IBlobStore OpenAgain();

    protected virtual void Clean()
    {
    }

    [Fact]
    public async Task What_was_written_is_read_by_whole_by_range_and_as_a_stream()
    {
        byte[] bytes = BytesOf(100_000);
        Assert.True(await PutAsync("objects/pack/pack-1.pack", bytes));
        BlobProperties found = (await Store.FindAsync(Key("objects/pack/pack-1.pack"), None))!.Value;
        Assert.Equal(Key("objects/pack/pack-1.pack"), found.Key);
        Assert.Equal(bytes.Length, found.Length);
        Assert.NotEqual(default, found.WrittenAt);
        Assert.Equal(bytes, await ReadAllAsync("objects/pack/pack-1.pack", 0));
        Assert.Equal(bytes[77_777..], await ReadAllAsync("objects/pack/pack-1.pack", 77_777));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1000)]
    [InlineData(0, 1001)]
    [InlineData(1, 998)]
    [InlineData(1, 999)]
    [InlineData(1, 1000)]
    [InlineData(999, 1)]
    [InlineData(999, 2)]
    [InlineData(1000, 1)]
    [InlineData(1001, 5)]
    [InlineData(500, 0)]
    [InlineData(5_000_000_000, 5)]
    public async Task Ranges_are_cut_at_the_blobs_end(long offset, int length)
    {
        byte[] bytes = BytesOf(1000);
        await PutAsync("a", bytes);
        byte[] buffer = new byte[length];
        int expected = (int)Math.Clamp(1000 - offset, 0, length);
        Assert.Equal(expected, await Store.ReadAsync(Key("a"), offset, buffer, None));
        Assert.Equal(bytes.AsSpan((int)Math.Min(offset, 1000), expected), buffer.AsSpan(0, expected));
        Assert.All(buffer[expected..], unread => Assert.Equal(0, unread));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1001)]
    public async Task Streams_begin_anywhere(long offset)
    {
        byte[] bytes = BytesOf(1000);
        await PutAsync("a", bytes);
        Assert.Equal(bytes[(int)Math.Min(offset, 1000)..], await ReadAllAsync("a", offset));
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        Assert.True(await PutAsync("empty", []));
        Assert.Equal(0, (await Store.FindAsync(Key("empty"), None))!.Value.Length);
        Assert.Equal(0, await Store.ReadAsync(Key("empty"), 0, new byte[10], None));
        Assert.Equal(0, await Store.ReadAsync(Key("empty"), 0, Memory<byte>.Empty, None));
        Assert.Empty(await ReadAllAsync("empty", 0));
    }

    [Fact]
    public async Task What_is_not_there_is_told_without_an_exception()
    {
        Assert.Null(await Store.FindAsync(Key("no/such"), None));
        Assert.Equal(-1, await Store.ReadAsync(Key("no/such"), 0, new byte[10], None));
        Assert.Equal(-1, await Store.ReadAsync(Key("no/such"), 5, Memory<byte>.Empty, None));
        Assert.Null(await Store.OpenAsync(Key("no/such"), 0, None));
        Assert.Null(await Store.OpenAsync(Key("no/such"), 7, None));
        await Store.DeleteAsync([Key("no/such")], None);
        await Store.DeleteAsync([], None);
    }

    [Fact]
    public async Task Only_the_first_of_a_name_is_kept_when_asked_so()
    {
        Assert.True(await PutAsync("a", [1, 2, 3], BlobPutOptions.Absent));
        Assert.False(await PutAsync("a", [4, 5, 6, 7], BlobPutOptions.Absent));
        Assert.Equal([1, 2, 3], await ReadAllAsync("a", 0));
        Assert.True(await PutAsync("a", [4, 5, 6, 7], BlobPutOptions.Replace));
        Assert.Equal([4, 5, 6, 7], await ReadAllAsync("a", 0));
    }

    [Fact]
    public async Task A_stream_is_written_from_where_it_stands()
    {
        using MemoryStream content = new([0, 1, 2, 3, 4]) { Position = 2 };
        await Store.PutAsync(Key("a"), content, BlobPutOptions.Replace, None);
        Assert.Equal([2, 3, 4], await ReadAllAsync("a", 0));
    }

    [Fact]
    public async Task Of_sixteen_writers_that_want_to_be_first_one_is()
    {
        await using IBlobStore other = OpenAgain();
        for (int round = 0; round < 5; round++)
        {
            string key = $"race/{round}";
            TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<bool>[] writers = [.. Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            {
                await start.Task;
                IBlobStore store = i % 2 == 1 ? other : Store;
                return await store.PutAsync(Key(key), new MemoryStream(BytesOf(5000, seed: i)), BlobPutOptions.Absent, None);
            }))];
            start.SetResult();
            bool[] won = await Task.WhenAll(writers);
            int winner = Array.IndexOf(won, true);
            Assert.Single(won, true);
            Assert.Equal(BytesOf(5000, seed: winner), await ReadAllAsync(key, 0));
        }
    }

    [Fact]
    public async Task Readers_see_one_whole_blob_while_it_is_replaced()
    {
        byte[][] contents = [.. Enumerable.Range(0, 4).Select(i => BytesOf(20_000 + i, seed: i))];
        await PutAsync("a", contents[0]);
        Task writer = Task.Run(async () =>
        {
            for (int i = 0; i < 40; i++)
            {
                await PutAsync("a", contents[i % 4]);
            }
        });
        do
        {
            byte[] seen = new byte[30_000];
            int length = await Store.ReadAsync(Key("a"), 0, seen, None);
            Assert.Equal(contents[length - 20_000], seen[..length]);
        }
        while (!writer.IsCompleted);
        await writer;
    }

    [Fact]
    public async Task Another_process_sees_what_was_completed()
    {
        await using IBlobStore other = OpenAgain();
        await PutAsync("a/b", [1]);
        Assert.NotNull(await other.FindAsync(Key("a/b"), None));
        await Store.DeleteAsync([Key("a/b")], None);
        Assert.Null(await other.FindAsync(Key("a/b"), None));
    }

    [Fact]
    public async Task Lists_are_in_order_of_key_and_end_where_the_prefix_does()
    {
        string[] keys = ["a-b/1", "a.b", "a/1", "a/2/3", "a/2-", "a0", "b", "B", "a+c/x", "a/10"];
        foreach (string key in keys)
        {
            await PutAsync(key, BytesOf(key.Length));
        }

        foreach (string prefix in (string[])["", "a", "a/", "a/1", "a/2", "a/2/", "a-b/1", "a-", "no", "no/", "a/2/3/4", "B"])
        {
            string[] expected = [.. keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            List<BlobProperties> listed = await ListAsync(prefix);
            Assert.Equal(expected, listed.Select(blob => blob.Key.ToString()));
            Assert.All(listed, blob => Assert.Equal(blob.Key.ToString().Length, blob.Length));
        }
    }

    [Fact]
    public async Task Many_are_listed_and_removed()
    {
        int count = ManyCount;
        string[] keys = [.. Enumerable.Range(0, count).Select(i => $"many/{i:d5}")];
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, _) => await PutAsync(key, [1]));
        Assert.Equal(keys, (await ListAsync("many/")).Select(blob => blob.Key.ToString()));
        await Store.DeleteAsync([.. keys.Skip(1).Select(Key), Key("many/never-there")], None);
        Assert.Equal([keys[0]], (await ListAsync("")).Select(blob => blob.Key.ToString()));
    }

    [Fact]
    public async Task A_writer_that_gives_up_leaves_nothing()
    {
        using CancellationTokenSource giveUp = new();
        CancellingStream content = new(BytesOf(200_000), 100_000, giveUp);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(Key("a"), content, BlobPutOptions.Replace, giveUp.Token));
        Assert.Null(await Store.FindAsync(Key("a"), None));
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task A_stream_may_be_left_in_the_middle()
    {
        await PutAsync("a", BytesOf(300_000));
        for (int i = 0; i < 10; i++)
        {
            await using Stream stream = (await Store.OpenAsync(Key("a"), 0, None))!;
            await stream.ReadExactlyAsync(new byte[10]);
        }

        await Store.DeleteAsync([Key("a")], None);
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public void The_location_names_the_place_without_credentials() => AssertLocation(Store.Location);

    protected virtual int ManyCount => 300;

    protected virtual void AssertLocation(string location) => Assert.NotEmpty(location);

    protected static BlobKey Key(string text) => BlobKey.Parse(text);

    protected static byte[] BytesOf(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected Task<bool> PutAsync(string key, byte[] bytes, BlobPutOptions? options = null) =>
        Store.PutAsync(Key(key), new MemoryStream(bytes), options ?? BlobPutOptions.Replace, None);

    protected async Task<byte[]> ReadAllAsync(string key, long offset)
    {
        await using Stream stream = (await Store.OpenAsync(Key(key), offset, None))!;
        MemoryStream all = new();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    protected async Task<List<BlobProperties>> ListAsync(string prefix)
    {
        List<BlobProperties> all = [];
        await foreach (BlobProperties blob in Store.ListAsync(prefix, None))
        {
            all.Add(blob);
        }

        return all;
    }
}
