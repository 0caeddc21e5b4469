using Actors.Store.Blobs;
using Actors.TestKit;
using Xunit;

namespace Actors.Store.Tests.Blobs;

public sealed class DirectoryBlobStoreTests : BlobStoreConformance
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new DirectoryBlobStore(_folder["store"]));

    protected override IBlobStore OpenAgain() => new DirectoryBlobStore(_folder["store"]);

    protected override void Clean() => _folder.Dispose();

    protected override void AssertLocation(string location) => Assert.Equal(_folder["store"], location);

    [Fact]
    public async Task A_blob_is_the_file_that_its_key_names_and_no_temporary_file_stays()
    {
        await PutAsync("a/b/c", [1, 2]);
        await PutAsync("a/b/c", [3], BlobPutOptions.Absent);
        Assert.Equal([1, 2], await File.ReadAllBytesAsync(_folder["store", "a", "b", "c"]));
        Assert.Empty(Directory.GetFiles(_folder["store", "~uploads"]));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("/x")]
    [InlineData("a//x")]
    [InlineData(".")]
    [InlineData("~uploads/x")]
    [InlineData("a\\..\\x")]
    [InlineData("a\0x")]
    public void No_key_leads_out_of_the_folder(string key) => Assert.False(BlobKey.TryParse(key, out _));

    [Fact]
    public async Task The_default_key_names_nothing()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FindAsync(default, None));
        await Assert.ThrowsAnyAsync<Exception>(() => Store.PutAsync(default, new MemoryStream([1]), BlobPutOptions.Replace, None));
        Assert.Equal(["~uploads"], Directory.GetFileSystemEntries(_folder["store"]).Select(Path.GetFileName).DefaultIfEmpty("~uploads"));
    }

    [Fact]
    public async Task Symlinks_are_not_followed()
    {
        string outside = _folder.Write("outside/secret", "secret");
        Directory.CreateDirectory(_folder["store", "real"]);
        Directory.CreateSymbolicLink(_folder["store", "folder"], Path.GetDirectoryName(outside)!);
        File.CreateSymbolicLink(_folder["store", "real", "file"], outside);
        foreach (string key in (string[])["folder/secret", "real/file"])
        {
            await Assert.ThrowsAsync<BlobStoreException>(() => Store.FindAsync(Key(key), None));
            await Assert.ThrowsAsync<BlobStoreException>(() => Store.ReadAsync(Key(key), 0, new byte[6], None).AsTask());
            await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenAsync(Key(key), 0, None));
            await Assert.ThrowsAsync<BlobStoreException>(() => Store.DeleteAsync([Key(key)], None));
        }

        await Assert.ThrowsAsync<BlobStoreException>(() => PutAsync("folder/new", [1]));
        Assert.Empty(await ListAsync(""));
        // The link itself is replaced, as rename does.
        await PutAsync("real/file", [7]);
        Assert.Equal([7], await ReadAllAsync("real/file", 0));
        Assert.Equal("secret", await File.ReadAllTextAsync(outside));
        Assert.Equal(["secret"], Directory.GetFiles(Path.GetDirectoryName(outside)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_killed_writers_left_is_swept_by_age()
    {
        string old = _folder.Write("store/~uploads/old", "left");
        string fresh = _folder.Write("store/~uploads/fresh", "growing");
        DateTimeOffset limit = DateTimeOffset.UtcNow.AddDays(-1);
        File.SetLastWriteTimeUtc(old, limit.UtcDateTime.AddMinutes(-1));
        Assert.Equal(1, await Store.AbortUploadsAsync(limit, None));
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(fresh));
        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task A_key_below_a_blob_is_refused_with_its_name()
    {
        await PutAsync("a", [1]);
        BlobStoreException refused = await Assert.ThrowsAsync<BlobStoreException>(() => PutAsync("a/b", [2]));
        Assert.Contains("a/b", refused.Message, StringComparison.Ordinal);
        Assert.Equal([1], await ReadAllAsync("a", 0));
        Assert.Empty(Directory.GetFiles(_folder["store", "~uploads"]));
    }
}
