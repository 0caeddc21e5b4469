using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Actors.Git.Lfs;
using Actors.Git.Remotes;
using Actors.Store.Blobs;
using Actors.Store.Blobs.S3;
using Actors.Sync.Mirrors;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Actors.Web.Lfs;
using Xunit;

namespace Actors.Web.Tests.Lfs;

public sealed class LfsGatewayTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    [Theory]
    [InlineData("team/tool")]
    [InlineData("team/tool.git")]
    public async Task Objects_of_a_mirror_are_named_with_where_they_are(string asked)
    {
        await using MemoryBlobStore blobs = new(TimeProvider.System);
        LfsObject large = await AddMirrorAsync(blobs, "team/tool/", BytesOf(100_000));
        LfsObject missing = new(LfsOid.Of("no"u8), 2);
        LfsObject otherSize = large with { Size = 5 };
        await using LfsGateway gateway = await LfsGateway.StartAsync(new LfsGatewayOptions { Blobs = blobs }, None);
        using LfsClient client = new(new GitClientOptions { UseProxy = false });
        IReadOnlyList<LfsBatchObject> answers = (await client.BatchAsync(new Uri(gateway.Address, asked + "/info/lfs"), [large, missing, otherSize], None)).Objects;
        Assert.Equal([null, 404, 422], answers.Select(answer => answer.Error?.Code));
        Assert.Equal(new Uri(gateway.Address, $"team/tool/lfs/objects/{large.Oid.ToString()[..2]}/{large.Oid.ToString()[2..4]}/{large.Oid}"), answers[0].Download!.Address);
        MemoryStream received = new();
        Assert.Null(await client.DownloadAsync(large, answers[0].Download!, received, None));
        Assert.Equal(BytesOf(100_000), received.ToArray());
    }

    [Theory]
    [InlineData("upload", 403)]
    [InlineData("delete", 422)]
    public async Task What_is_no_download_is_refused_with_the_documents_error(string operation, int status)
    {
        await using MemoryBlobStore blobs = new(TimeProvider.System);
        LfsObject large = await AddMirrorAsync(blobs, "", [1]);
        (HttpStatusCode answered, string body) = await PostAsync(blobs, "info/lfs/objects/batch", LfsBatchCodec.EncodeRequest(new LfsBatchRequest(operation, ["basic"], [large])));
        Assert.Equal(status, (int)answered);
        Assert.StartsWith("{\"message\":\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere/info/lfs/objects/batch", "{\"operation\":\"download\",\"objects\":[]}", 404)]
    [InlineData("info/lfs/objects/batch", "{", 422)]
    [InlineData("info/lfs/objects/batch", "{\"operation\":\"download\"}", 422)]
    [InlineData("info/lfs/objects/batch", "{\"operation\":\"download\",\"objects\":[{\"oid\":\"../../x\",\"size\":1}]}", 422)]
    [InlineData("info/lfs/locks", "{}", 404)]
    [InlineData("HEAD", "{}", 405)]
    public async Task Bad_requests_are_told_so(string path, string message, int status)
    {
        await using MemoryBlobStore blobs = new(TimeProvider.System);
        await AddMirrorAsync(blobs, "", [1]);
        Assert.Equal(status, (int)(await PostAsync(blobs, path, Encoding.UTF8.GetBytes(message))).Status);
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_refused()
    {
        await using MemoryBlobStore blobs = new(TimeProvider.System);
        LfsObject large = await AddMirrorAsync(blobs, "", [1]);
        byte[] many = LfsBatchCodec.EncodeRequest(new LfsBatchRequest("download", [], [.. Enumerable.Repeat(large, 101)]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(blobs, "info/lfs/objects/batch", many)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(blobs, "info/lfs/objects/batch", new byte[2 << 20])).Status);
    }

    [Theory]
    [InlineData(null, 200, 0, 1000)]
    [InlineData("bytes=0-", 200, 0, 1000)]
    [InlineData("bytes=10-", 206, 10, 990)]
    [InlineData("bytes=10-19", 206, 10, 10)]
    [InlineData("bytes=990-5000", 206, 990, 10)]
    [InlineData("bytes=-10", 206, 990, 10)]
    [InlineData("bytes=1000-", 416, 0, 0)]
    [InlineData("bytes=0-1,5-6", 200, 0, 1000)]
    [InlineData("lines=0-1", 200, 0, 1000)]
    public async Task Files_are_sent_whole_or_by_range(string? range, int status, int offset, int length)
    {
        await using MemoryBlobStore blobs = new(TimeProvider.System);
        LfsObject large = await AddMirrorAsync(blobs, "", BytesOf(1000));
        await using LfsGateway gateway = await LfsGateway.StartAsync(new LfsGatewayOptions { Blobs = blobs }, None);
        Uri file = new(gateway.Address, MirrorLayout.LfsObjectOf(large.Oid).ToString());
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using HttpRequestMessage request = new(method, file);
            request.Headers.TryAddWithoutValidation("Range", range);
            using HttpResponseMessage response = await Http.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
            if (status != 416)
            {
                Assert.Equal(length, response.Content.Headers.ContentLength);
                Assert.Equal(status == 206 ? new ContentRangeHeaderValue(offset, offset + length - 1, 1000) : null, response.Content.Headers.ContentRange);
                Assert.Equal(method == HttpMethod.Get ? BytesOf(1000).AsSpan(offset, length).ToArray() : [], await response.Content.ReadAsByteArrayAsync());
            }
        }
    }

    [Fact]
    public async Task Stock_git_and_git_lfs_clone_from_a_directory_through_the_gateway()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        RequireLfs(folder);
        await using DirectoryBlobStore blobs = new(folder["mirrors"]);
        byte[] content = MakeMirror(folder, out LfsObject large);
        await blobs.PutAsync(BlobKey.Parse($"tool/{MirrorLayout.LfsObjectOf(large.Oid)}"), new MemoryStream(content), BlobPutOptions.Absent, None);
        await using LfsGateway gateway = await LfsGateway.StartAsync(new LfsGatewayOptions { Blobs = blobs }, None);
        Assert.Equal(content, CloneWithLfs(folder, new Uri(gateway.Address, "tool").AbsoluteUri, []));
    }

    [Fact]
    public async Task Stock_git_lfs_gets_large_files_from_the_bucket_by_signed_addresses()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        RequireLfs(folder);
        S3Server server = await S3Server.SharedAsync(Assert.Skip);
        string bucket = await server.MakeBucketAsync();
        await using S3FaultProxy proxy = await S3FaultProxy.StartAsync(server.Endpoint, _ => null);
        await using S3BlobStore blobs = server.Open(bucket, "mirrors", settings => settings with { Endpoint = proxy.Endpoint });
        byte[] content = MakeMirror(folder, out LfsObject large);
        await using (DirectoryBlobStore directory = new(folder["mirrors"]))
        {
            await foreach (BlobProperties file in directory.ListAsync("tool/", None))
            {
                await using Stream stream = (await directory.OpenAsync(file.Key, 0, None))!;
                await blobs.PutAsync(file.Key, stream, BlobPutOptions.Replace, None);
            }
        }

        BlobKey key = BlobKey.Parse($"tool/{MirrorLayout.LfsObjectOf(large.Oid)}");
        await blobs.PutAsync(key, new MemoryStream(content), BlobPutOptions.Absent, None);
        await using LfsGateway gateway = await LfsGateway.StartAsync(
            new LfsGatewayOptions { Blobs = blobs, Link = async (named, _) => (await blobs.LinkAsync(named, TimeSpan.FromHours(1)), DateTimeOffset.UtcNow.AddHours(1)) }, None);
        Assert.Equal(content, CloneWithLfs(folder, new Uri(gateway.Address, "tool").AbsoluteUri, []));
        S3Request download = proxy.Requests.Single(request => request.Method == "GET" && request.Path.EndsWith(key.ToString(), StringComparison.Ordinal));
        Assert.Contains("X-Amz-Signature=", download.Query, StringComparison.Ordinal);
    }

    private static void RequireLfs(TemporaryFolder folder)
    {
        if (new GitCommand(folder.FullPath).Try([], "lfs", "version").ExitCode != 0)
        {
            Assert.Skip("git-lfs is not installed: it fetches the large files of this test.");
        }
    }

    /// <summary>A repository as dumb HTTP readers want it, below <c>mirrors/tool</c>, with one pointer.</summary>
    private static byte[] MakeMirror(TemporaryFolder folder, out LfsObject large)
    {
        byte[] content = BytesOf(200_000);
        large = new LfsObject(LfsOid.Of(content), content.Length);
        GitCommand work = new(folder["work"]);
        work.Run("init", "-q");
        File.WriteAllText(Path.Combine(work.Folder, ".gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n");
        work.Run("add", ".");
        string pointer = work.Run(new LfsPointer { Object = large }.Encode(), "hash-object", "-w", "--stdin");
        work.Run("update-index", "--add", "--cacheinfo", $"100644,{pointer},large.bin");
        work.Run("commit", "-q", "-m", "A large file");
        GitFixture mirror = new(folder["mirrors", "tool"]);
        mirror.Git.Run("fetch", "-q", work.Folder, "+main:main");
        mirror.Git.Run("repack", "-q", "-a", "-d");
        mirror.Git.Run("update-server-info");
        return content;
    }

    private static byte[] CloneWithLfs(TemporaryFolder folder, string url, string[] options)
    {
        GitCommand git = new(folder.FullPath);
        git.Environment["no_proxy"] = git.Environment["NO_PROXY"] = "*";
        git.Run(["-c", "filter.lfs.smudge=git-lfs smudge -- %f", "-c", "filter.lfs.process=git-lfs filter-process", "-c", "filter.lfs.required=true", .. options, "clone", "-q", url, folder["clone"]]);
        return File.ReadAllBytes(folder["clone", "large.bin"]);
    }

    private static async Task<LfsObject> AddMirrorAsync(IBlobStore blobs, string prefix, byte[] content)
    {
        LfsObject added = new(LfsOid.Of(content), content.Length);
        await blobs.PutAsync(BlobKey.Parse(prefix + "HEAD"), new MemoryStream("ref: refs/heads/main\n"u8.ToArray()), BlobPutOptions.Replace, None);
        await blobs.PutAsync(BlobKey.Parse(prefix + MirrorLayout.LfsObjectOf(added.Oid)), new MemoryStream(content), BlobPutOptions.Replace, None);
        return added;
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(IBlobStore blobs, string path, byte[] message)
    {
        await using LfsGateway gateway = await LfsGateway.StartAsync(new LfsGatewayOptions { Blobs = blobs }, None);
        using ByteArrayContent content = new(message);
        content.Headers.ContentType = new MediaTypeHeaderValue(LfsServer.MediaType);
        using HttpResponseMessage response = await Http.PostAsync(new Uri(gateway.Address, path), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static byte[] BytesOf(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
