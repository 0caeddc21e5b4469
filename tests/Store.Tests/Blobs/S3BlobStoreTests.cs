using Actors.Store.Blobs;
using Actors.Store.Blobs.S3;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Store.Tests.Blobs;

public sealed class S3BlobStoreTests : BlobStoreConformance
{
    private S3Server _server = null!;
    private string _bucket = "";

    protected override int ManyCount => 1100;

    protected override async Task<IBlobStore> OpenAsync()
    {
        _server = await S3Server.SharedAsync(Assert.Skip);
        _bucket = await _server.MakeBucketAsync();
        return _server.Open(_bucket, "some/prefix");
    }

    protected override IBlobStore OpenAgain() => _server.Open(_bucket, "some/prefix");

    protected override void AssertLocation(string location) => Assert.Equal($"s3://{_bucket}/some/prefix", location);

    [Fact]
    public async Task Prefixes_of_one_bucket_do_not_see_each_other()
    {
        await using S3BlobStore other = _server.Open(_bucket, "some/pre");
        await PutAsync("a", [1]);
        Assert.Null(await other.FindAsync(Key("a"), None));
        await foreach (BlobProperties blob in other.ListAsync("", None))
        {
            Assert.Fail($"{blob.Key}");
        }
    }

    [Fact]
    public async Task Long_blobs_go_up_in_parts()
    {
        await using S3BlobStore parts = _server.Open(_bucket, "parts", settings => settings with { SinglePutBytesMax = 1 << 20, PartBytes = 5 << 20 });
        byte[] bytes = BytesOf((12 << 20) + 345);
        Assert.True(await parts.PutAsync(Key("long"), new MemoryStream(bytes), BlobPutOptions.Absent, None));
        byte[] read = new byte[bytes.Length + 1];
        Assert.Equal(bytes.Length, await parts.ReadAsync(Key("long"), 0, read, None));
        Assert.Equal(bytes, read[..^1]);
        Assert.False(await parts.PutAsync(Key("long"), new MemoryStream(BytesOf(6 << 20, 2)), BlobPutOptions.Absent, None));
        Assert.Equal(bytes.Length, (await parts.FindAsync(Key("long"), None))!.Value.Length);
        Assert.True(await parts.PutAsync(Key("long"), new MemoryStream(BytesOf(6 << 20, 2)), BlobPutOptions.Replace, None));
        Assert.Equal(6 << 20, (await parts.FindAsync(Key("long"), None))!.Value.Length);
        Assert.Equal(0, await _server.CountUploadsAsync(_bucket));
    }

    [Fact]
    public async Task A_long_upload_that_is_given_up_is_aborted()
    {
        await using S3BlobStore parts = _server.Open(_bucket, "parts", settings => settings with { SinglePutBytesMax = 1 << 20, PartBytes = 5 << 20, PartsAtOnce = 2 });
        using CancellationTokenSource giveUp = new();
        CancellingStream content = new(BytesOf(12 << 20), 11 << 20, giveUp);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => parts.PutAsync(Key("long"), content, BlobPutOptions.Absent, giveUp.Token));
        Assert.Null(await parts.FindAsync(Key("long"), None));
        Assert.Equal(0, await _server.CountUploadsAsync(_bucket));
    }

    [Fact]
    public async Task Uploads_that_nobody_completed_are_swept_by_age_and_within_the_prefix()
    {
        await _server.BeginUploadAsync(_bucket, "some/prefix/left");
        await _server.BeginUploadAsync(_bucket, "elsewhere/left");
        Assert.Equal(0, await Store.AbortUploadsAsync(DateTimeOffset.UtcNow.AddDays(-1), None));
        Assert.Equal(1, await Store.AbortUploadsAsync(DateTimeOffset.UtcNow.AddDays(1), None));
        Assert.Equal(1, await _server.CountUploadsAsync(_bucket));
    }

    [Fact]
    public async Task Everybody_reads_what_the_policy_lets_them_and_writes_nothing()
    {
        await PutAsync("a", [1, 2, 3]);
        await using S3BlobStore anonymous = _server.Open(_bucket, "some/prefix", settings => settings with { Credentials = null, IsAnonymous = true });
        BlobStoreException closed = await Assert.ThrowsAsync<BlobStoreException>(() => anonymous.ReadAsync(Key("a"), 0, new byte[3], None).AsTask());
        Assert.False(closed.IsTransient);
        await _server.AllowAnonymousReadAsync(_bucket);
        Assert.Equal(3, await anonymous.ReadAsync(Key("a"), 0, new byte[3], None));
        Assert.Equal(-1, await anonymous.ReadAsync(Key("b"), 0, new byte[3], None));
        await Assert.ThrowsAsync<BlobStoreException>(() => anonymous.PutAsync(Key("b"), new MemoryStream([1]), BlobPutOptions.Replace, None));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_not_told()
    {
        await using S3BlobStore wrong = _server.Open(_bucket, "", settings => settings with { Credentials = new S3Credentials(_server.AccessKey, "wrong-secret-of-mine") });
        BlobStoreException refused = await Assert.ThrowsAsync<BlobStoreException>(() => wrong.ReadAsync(Key("a"), 0, new byte[3], None).AsTask());
        Assert.False(refused.IsTransient);
        Assert.Equal($"s3://{_bucket}: GET a: 403 SignatureDoesNotMatch", refused.Message);
        Assert.DoesNotContain("wrong-secret-of-mine", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret-of-mine", wrong.Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7 << 20)]
    public async Task A_refused_write_names_store_key_status_and_code(int length)
    {
        await _server.RefusePutsAsync(_bucket, "some/prefix/objects/");
        await using S3BlobStore store = _server.Open(_bucket, "some/prefix", settings => settings with { SinglePutBytesMax = 1 << 20, PartBytes = 5 << 20 });
        BlobStoreException refused = await Assert.ThrowsAsync<BlobStoreException>(
            () => store.PutAsync(Key("objects/1"), new MemoryStream(new byte[length]), BlobPutOptions.Absent, None));
        Assert.False(refused.IsTransient);
        Assert.Contains($"s3://{_bucket}/some/prefix: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(" objects/1: 403 AccessDenied", refused.Message, StringComparison.Ordinal);
        Assert.True(await store.PutAsync(Key("other"), new MemoryStream(new byte[length]), BlobPutOptions.Absent, None));
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_told()
    {
        await using S3BlobStore nowhere = _server.Open("no-such-bucket");
        foreach (Func<Task> call in (Func<Task>[])[() => nowhere.ReadAsync(Key("a"), 0, new byte[3], None).AsTask(), () => nowhere.PutAsync(Key("a"), new MemoryStream([1]), BlobPutOptions.Replace, None)])
        {
            BlobStoreException refused = await Assert.ThrowsAsync<BlobStoreException>(call);
            Assert.False(refused.IsTransient);
            Assert.Contains("404 NoSuchBucket", refused.Message, StringComparison.Ordinal);
        }
    }
}
