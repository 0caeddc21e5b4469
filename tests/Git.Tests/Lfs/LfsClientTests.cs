using System.Net;
using Actors.Git.Lfs;
using Actors.Git.Remotes;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Actors.TestKit.Servers;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Actors.Git.Tests.Lfs;

public sealed class LfsClientTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private LfsSource _source = null!;
    private LfsClient _client = null!;

    private Uri Server => new(_source.Address, "up.git/info/lfs");

    public async ValueTask InitializeAsync()
    {
        _source = await LfsSource.StartAsync();
        _client = new LfsClient(new GitClientOptions { Clock = _clock, UseProxy = false });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _source.DisposeAsync();
    }

    [Theory]
    [InlineData("https://forge.example/a/b", "https://forge.example/a/b.git/info/lfs")]
    [InlineData("https://forge.example/a/b.git", "https://forge.example/a/b.git/info/lfs")]
    [InlineData("ssh://git@forge.example/a/b.git", null)]
    public void Servers_are_found_by_the_repositorys_url(string url, string? server) =>
        Assert.Equal(server, LfsServer.Of(RepositoryUrl.Parse(url))?.AbsoluteUri);

    [Fact]
    public async Task Objects_come_in_batches_and_are_kept_when_they_are_right()
    {
        LfsObject[] objects = [.. Enumerable.Range(0, 230).Select(i => _source.Add(BytesOf(i * 37, i)))];
        LfsObject missing = new(LfsOid.Of("nowhere"u8), 7);
        LfsObject damaged = _source.Add(BytesOf(500, 1000));
        _source.Damage(damaged, BytesOf(500, 1001));
        LfsObject longer = _source.Add(BytesOf(501, 1002));
        _source.Damage(longer, BytesOf(600, 1002));
        (IReadOnlyList<LfsOutcome> outcomes, Dictionary<LfsObject, byte[]> kept) = await FetchAsync([.. objects, missing, damaged, longer, objects[3]]);
        Assert.Equal([.. objects, missing, damaged, longer], outcomes.Select(outcome => outcome.Object));
        Assert.All(outcomes.Take(230), outcome => Assert.Null(outcome.Failure));
        Assert.Equal([RemoteFailureKind.NotFound, RemoteFailureKind.Malformed, RemoteFailureKind.Malformed], outcomes.Skip(230).Select(outcome => outcome.Failure!.Kind));
        Assert.Equal(230, kept.Count);
        Assert.All(kept, pair => Assert.Equal(pair.Key.Oid, LfsOid.Of(pair.Value)));
        Assert.Equal(["/up.git/info/lfs/objects/batch"], _source.Requests.Where(request => request.Method == "POST").Select(request => request.Path).Distinct());
        Assert.Equal(3, _source.Requests.Count(request => request.Method == "POST"));
        Assert.Equal(_source.Requests.Count, _client.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_that_is_cut_goes_on_where_it_was(bool ranges)
    {
        byte[] content = BytesOf(300_000);
        LfsObject wanted = _source.Add(content);
        _source.HasRanges = ranges;
        foreach (int cut in (int[])[100_000, ranges ? 50_000 : 150_000, ranges ? 1 : 299_999])
        {
            _source.Cuts.Enqueue(cut);
        }

        MemoryStream received = new();
        Assert.Null(await _client.DownloadAsync(wanted, _source.DownloadOf(wanted), received, default));
        Assert.Equal(content, received.ToArray());
        Assert.Equal(["", "bytes=100000-", "bytes=150000-", ranges ? "bytes=150001-" : "bytes=299999-"], _source.Requests.Select(request => request.Range));
    }

    [Fact]
    public async Task A_download_that_brings_nothing_more_is_given_up()
    {
        LfsObject wanted = _source.Add(BytesOf(1000));
        for (int i = 0; i < 10; i++)
        {
            _source.Cuts.Enqueue(0);
        }

        Assert.Equal(RemoteFailureKind.CutOff, (await _client.DownloadAsync(wanted, _source.DownloadOf(wanted), new MemoryStream(), default))!.Kind);
        Assert.Equal(Limits.LfsAttemptsMax, _source.Requests.Count);
    }

    [Fact]
    public async Task An_address_that_expired_is_asked_for_once_more()
    {
        LfsObject wanted = _source.Add(BytesOf(1000));
        int batches = 0;
        _source.Batch = batch => [new LfsBatchObject(wanted, _source.DownloadOf(wanted, _clock.GetUtcNow().AddSeconds(batches++ == 0 ? -1 : 60)), null)];
        (IReadOnlyList<LfsOutcome> outcomes, _) = await FetchAsync([wanted]);
        Assert.Null(outcomes.Single().Failure);
        Assert.Equal(2, batches);
        _source.Batch = batch => [new LfsBatchObject(wanted, _source.DownloadOf(wanted, _clock.GetUtcNow().AddSeconds(-1)), null)];
        Assert.Equal(RemoteFailureKind.Unauthorized, (await FetchAsync([wanted])).Outcomes.Single().Failure!.Kind);
    }

    [Fact]
    public async Task Credentials_of_a_download_do_not_follow_to_another_host()
    {
        await using LfsSource other = await LfsSource.StartAsync();
        byte[] content = BytesOf(1000);
        LfsObject wanted = _source.Add(content);
        other.Add(content);
        other.Intercept = async context =>
        {
            await context.Response.Body.WriteAsync(content);
            return true;
        };
        _source.Intercept = context =>
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            // First within the host, then away from it.
            context.Response.Headers.Location = context.Request.Query.Count == 0 ? "?again" : new Uri(other.Address, "objects/elsewhere").AbsoluteUri;
            return Task.FromResult(true);
        };
        Assert.Null(await _client.DownloadAsync(wanted, _source.DownloadOf(wanted), new MemoryStream(), default));
        Assert.Equal([LfsSource.Token, LfsSource.Token], _source.Requests.Select(request => request.Authorization));
        Assert.Equal("", other.Requests.Single().Authorization);
    }

    [Fact]
    public async Task Credentials_of_the_host_go_to_it_and_not_where_it_redirects()
    {
        await using LfsSource other = await LfsSource.StartAsync();
        using TemporaryFolder folder = new();
        HostCredentialsOptions known = new() { NetrcPath = folder.Write("netrc", "machine 127.0.0.1:" + _source.Address.Port + " login me password pw\n") };
        using LfsClient client = new(new GitClientOptions { Clock = _clock, UseProxy = false, Credentials = new HostCredentials(known, _clock) });
        LfsObject wanted = _source.Add(BytesOf(10));
        await client.BatchAsync(Server, [wanted], default);
        Assert.Equal("Basic " + Convert.ToBase64String("me:pw"u8), _source.Requests.Single().Authorization);
        Assert.Null(await client.DownloadAsync(wanted, _source.DownloadOf(wanted), new MemoryStream(), default));
        Assert.Equal(LfsSource.Token, _source.Requests[1].Authorization);
        _source.Intercept = context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = new Uri(other.Address, "x/objects/batch").AbsoluteUri;
            return Task.FromResult(true);
        };
        await client.BatchAsync(Server, [wanted], default);
        Assert.Equal("", other.Requests.Single().Authorization);
    }

    [Fact]
    public async Task Batches_follow_redirects_and_not_for_ever()
    {
        LfsObject wanted = _source.Add(BytesOf(10));
        _source.Intercept = context =>
        {
            bool moved = context.Request.Path.StartsWithSegments("/up.git");
            context.Response.StatusCode = moved ? StatusCodes.Status307TemporaryRedirect : StatusCodes.Status200OK;
            context.Response.Headers.Location = moved ? "/elsewhere/objects/batch" : "";
            return Task.FromResult(moved);
        };
        Assert.NotNull((await _client.BatchAsync(Server, [wanted], default)).Objects.Single().Download);
        _source.Intercept = context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = context.Request.Path.Value;
            return Task.FromResult(true);
        };
        Assert.Equal(RemoteFailureKind.BadRedirect, (await _client.BatchAsync(Server, [wanted], default)).Failure!.Kind);
    }

    [Theory]
    [InlineData(404, RemoteFailureKind.NotFound)]
    [InlineData(401, RemoteFailureKind.Unauthorized)]
    [InlineData(403, RemoteFailureKind.Forbidden)]
    [InlineData(429, RemoteFailureKind.Throttled)]
    [InlineData(500, RemoteFailureKind.ServerError)]
    [InlineData(501, RemoteFailureKind.ServerError)]
    public async Task A_batch_that_is_refused_is_each_objects_failure(int status, RemoteFailureKind kind)
    {
        _source.Intercept = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = status == 429 ? "17" : "";
            return Task.FromResult(true);
        };
        LfsObject[] objects = [new(LfsOid.Of("1"u8), 1), new(LfsOid.Of("2"u8), 1)];
        IReadOnlyList<LfsOutcome> outcomes = (await FetchAsync(objects)).Outcomes;
        Assert.Equal(objects, outcomes.Select(outcome => outcome.Object));
        Assert.All(outcomes, outcome => Assert.Equal(kind, outcome.Failure!.Kind));
        Assert.All(outcomes, outcome => Assert.Equal(status == 429 ? TimeSpan.FromSeconds(17) : null, outcome.Failure!.RetryAfter));
    }

    [Fact]
    public async Task A_reply_without_end_is_ended()
    {
        _source.Intercept = async context =>
        {
            byte[] blanks = new byte[1 << 20];
            blanks.AsSpan().Fill((byte)' ');
            for (int i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(blanks);
            }

            return true;
        };
        Assert.Equal(RemoteFailureKind.OverLimit, (await _client.BatchAsync(Server, [new(LfsOid.Of("1"u8), 1)], default)).Failure!.Kind);
    }

    [Fact]
    public async Task A_private_address_is_not_asked_when_the_guard_says_so()
    {
        using LfsClient guarded = new(new GitClientOptions { UseProxy = false, AddressGuard = address => !IPAddress.IsLoopback(address) });
        LfsObject wanted = _source.Add(BytesOf(10));
        Assert.Equal(RemoteFailureKind.Forbidden, (await guarded.BatchAsync(Server, [wanted], default)).Failure!.Kind);
        Assert.Equal(RemoteFailureKind.Forbidden, (await guarded.DownloadAsync(wanted, _source.DownloadOf(wanted), new MemoryStream(), default))!.Kind);
        Assert.Empty(_source.Requests);
    }

    [Fact]
    public async Task A_server_that_says_nothing_more_is_left_in_time()
    {
        LfsObject wanted = _source.Add(BytesOf(10));
        _source.Intercept = async context =>
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        Assert.Equal(RemoteFailureKind.TimedOut, (await _client.BatchAsync(Server, [wanted], default)).Failure!.Kind);
        Assert.Equal(RemoteFailureKind.TimedOut, (await _client.DownloadAsync(wanted, _source.DownloadOf(wanted), new MemoryStream(), default))!.Kind);
    }

    [Fact]
    public async Task What_the_callers_disk_throws_is_not_the_remotes_fault()
    {
        LfsObject wanted = _source.Add(BytesOf(1000));
        MemoryStream full = new(new byte[10], 0, 10, writable: true);
        await Assert.ThrowsAsync<NotSupportedException>(() => _client.DownloadAsync(wanted, _source.DownloadOf(wanted), full, default));
    }

    private async Task<(IReadOnlyList<LfsOutcome> Outcomes, Dictionary<LfsObject, byte[]> Kept)> FetchAsync(LfsObject[] objects)
    {
        Dictionary<LfsObject, byte[]> kept = [];
        IReadOnlyList<LfsOutcome> outcomes = await _client.FetchAsync(
            Server, objects, 8, (_, _) => ValueTask.FromResult<Stream>(new MemoryStream()),
            (wanted, stream, _) =>
            {
                lock (kept)
                {
                    kept.Add(wanted, ((MemoryStream)stream).ToArray());
                }

                return ValueTask.CompletedTask;
            }, default);
        return (outcomes, kept);
    }

    private static byte[] BytesOf(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
