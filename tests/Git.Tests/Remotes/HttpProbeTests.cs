using System.IO.Compression;
using System.Text;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Remotes;

/// <summary>The probe against servers that answer with chosen bytes; what was asked is compared as well.</summary>
public sealed class HttpProbeTests
{
    private const string One = "1111111111111111111111111111111111111111";
    private static readonly byte[] Refs = Pkt.Join(Pkt.Line($"{One} HEAD symref-target:refs/heads/main\n"), Pkt.Line($"{One} refs/heads/main\n"), Pkt.Flush);
    private static readonly byte[] V2 = Pkt.Join(
        Pkt.Line("# service=git-upload-pack\n"), Pkt.Flush, Pkt.Line("version 2\n"), Pkt.Line("agent=git/2.50\n"), Pkt.Line("ls-refs=unborn\n"), Pkt.Line("fetch=filter shallow\n"), Pkt.Flush);

    private static readonly byte[] V0 = Pkt.Join(
        Pkt.Line("# service=git-upload-pack\n"), Pkt.Flush, Pkt.Line($"{One} HEAD\0 symref=HEAD:refs/heads/main agent=old\n"), Pkt.Line($"{One} refs/heads/main\n"), Pkt.Flush);

    [Fact]
    public async Task Request_is_what_git_would_send()
    {
        string head = "";
        string body = "";
        await using CannedServer server = new(request =>
        {
            (head, body) = (request.HeadText, Encoding.ASCII.GetString(request.Body));
            return HttpAnswer.UploadPackResult(Refs);
        });
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Null(reply.Failure);
        Assert.Equal((1, Refs.Length), (reply.Requests, reply.BytesReceived));
        Assert.Equal(
            [
                "Accept-Encoding: gzip", "Accept: application/x-git-upload-pack-result", $"Content-Length: {body.Length}",
                "Content-Type: application/x-git-upload-pack-request", "Git-Protocol: version=2", $"Host: {server.Address.Authority}",
                "POST /a/b.git/git-upload-pack HTTP/1.1", "User-Agent: git/2.50.0 actors/1.0",
            ],
            head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.StartsWith("0014command=ls-refs\n0001", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_answer_leads_to_one_get_and_one_more_post()
    {
        List<string> asked = [];
        await using CannedServer server = new(request =>
        {
            lock (asked)
            {
                asked.Add(request.HeadText.Split('\r')[0]);
                return IsGet(request) ? HttpAnswer.Advertisement(V2) : HttpAnswer.UploadPackResult(asked.Count == 1 ? [] : Refs);
            }
        });
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Null(reply.Failure);
        Assert.Equal(["POST /a/b.git/git-upload-pack HTTP/1.1", "GET /a/b.git/info/refs?service=git-upload-pack HTTP/1.1", "POST /a/b.git/git-upload-pack HTTP/1.1"], asked);
        Assert.Equal(new ServerProfile(2, ObjectFormat.Sha1, Filter: true, Shallow: true, Unborn: true, Agent: "git/2.50"), client.Profiles.Find(UrlOf(server).Host));
    }

    /// <summary>Blind answers that a server without v2 gives: each is confirmed by a GET, whose v0 refs end the probe.</summary>
    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "<html>hello</html>")]
    [InlineData(200, "0012ERR not for you")]
    [InlineData(200, "0007abc")]
    [InlineData(400, "bad")]
    [InlineData(401, "")]
    [InlineData(403, "")]
    [InlineData(404, "")]
    [InlineData(405, "")]
    [InlineData(415, "")]
    [InlineData(501, "")]
    [InlineData(303, "")]
    public async Task Refused_blind_request_of_an_unknown_host_is_confirmed_by_a_get(int status, string body)
    {
        await using CannedServer server = new(request => IsGet(request) ? HttpAnswer.Advertisement(V0) : HttpAnswer.Of(Encoding.ASCII.GetBytes(body), status));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Null(reply.Failure);
        Assert.Equal(2, reply.Requests);
        Assert.Equal("refs/heads/main", reply.ReadRefs().Tips[0].SymrefTarget?.ToString());
        Assert.Equal(0, reply.Profile?.Version);
    }

    [Theory]
    [InlineData(404, RemoteFailureKind.NotFound)]
    [InlineData(410, RemoteFailureKind.NotFound)]
    [InlineData(401, RemoteFailureKind.Unauthorized)]
    [InlineData(403, RemoteFailureKind.Forbidden)]
    [InlineData(451, RemoteFailureKind.Forbidden)]
    [InlineData(400, RemoteFailureKind.RemoteError)]
    [InlineData(500, RemoteFailureKind.ServerError)]
    [InlineData(502, RemoteFailureKind.ServerError)]
    [InlineData(503, RemoteFailureKind.ServerError)]
    [InlineData(204, RemoteFailureKind.Malformed)]
    [InlineData(304, RemoteFailureKind.BadRedirect)]
    public async Task Status_becomes_a_kind_of_failure(int status, RemoteFailureKind kind)
    {
        await using CannedServer server = new(HttpAnswer.Of(default, status));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Equal((kind, status), (reply.Failure?.Kind, reply.Failure?.HttpStatus));
        Assert.Throws<InvalidOperationException>(reply.ReadRefs);
    }

    [Theory]
    [InlineData(429, "", "", RemoteFailureKind.Throttled, null)]
    [InlineData(429, "Retry-After: 120", "", RemoteFailureKind.Throttled, 120)]
    [InlineData(503, "Retry-After: Thu, 01 Jan 2026 00:01:30 GMT", "", RemoteFailureKind.Throttled, 90)]
    [InlineData(503, "Retry-After: Thu, 01 Jan 2015 00:01:30 GMT", "", RemoteFailureKind.Throttled, 0)]
    [InlineData(429, "Retry-After: 99999999", "", RemoteFailureKind.Throttled, 30 * 86400)]
    [InlineData(429, "Retry-After: soon", "", RemoteFailureKind.Throttled, null)]
    [InlineData(403, "Content-Type: text/plain", "You have exceeded a rate limit", RemoteFailureKind.Throttled, null)]
    public async Task Throttling_says_how_long_and_is_not_asked_again(int status, string header, string body, RemoteFailureKind kind, int? seconds)
    {
        await using CannedServer server = new(HttpAnswer.Of(Encoding.ASCII.GetBytes(body), status, null, header.Length > 0 ? header : "X: y"));
        await using GitClient client = new(new GitClientOptions { Clock = new Actors.TestKit.Clocks.ManualTimeProvider() });
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Equal(kind, reply.Failure?.Kind);
        Assert.Equal(seconds, (int?)reply.Failure?.RetryAfter?.TotalSeconds);
        Assert.Equal(1, reply.Requests);
    }

    [Theory]
    [InlineData("ERR GitHub is temporarily limiting requests", RemoteFailureKind.Throttled)]
    [InlineData("ERR Too Many Requests\n", RemoteFailureKind.Throttled)]
    public async Task Throttling_inside_a_200_is_not_asked_again(string line, RemoteFailureKind kind)
    {
        await using CannedServer server = new(HttpAnswer.UploadPackResult(Pkt.Line(line)));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Equal((kind, 1), (reply.Failure?.Kind, reply.Requests));
    }

    [Fact]
    public async Task Refusal_by_a_host_that_has_shown_v2_costs_one_request()
    {
        await using CannedServer server = new(request => request.Number == 1 ? HttpAnswer.UploadPackResult(Refs) : HttpAnswer.Of(default, 404));
        await using GitClient client = new(new GitClientOptions());
        await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        ProbeReply reply = await client.ProbeAsync(UrlOf(server, "gone"), RefSelection.Default, default);
        Assert.Equal((RemoteFailureKind.NotFound, 1), (reply.Failure?.Kind, reply.Requests));
    }

    [Theory]
    [InlineData("text/plain", "1111111111111111111111111111111111111111\trefs/heads/main\n", "dumb")]
    [InlineData("text/plain", "", "dumb")]
    [InlineData("text/html; charset=utf-8", "<html>", "text/html")]
    public async Task Server_without_upload_pack_is_unsupported(string type, string body, string words)
    {
        await using CannedServer server = new(request => IsGet(request) ? HttpAnswer.Of(Encoding.ASCII.GetBytes(body), 200, null, "Content-Type: " + type) : HttpAnswer.Of(default, 405));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.Unsupported, reply.Failure?.Kind);
        Assert.Contains(words, reply.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_reply_is_read_and_counted_as_it_came()
    {
        byte[] many = Pkt.Join([.. Enumerable.Range(0, 500).Select(i => Pkt.Line($"{One} refs/heads/branch-{i}\n")), Pkt.Flush]);
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(many);
        }

        await using CannedServer server = new(HttpAnswer.Of(packed.ToArray(), 200, null, "Content-Encoding: gzip"));
        await using CannedServer plain = new(HttpAnswer.Chunked(many, 1000));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        ProbeReply other = await client.ProbeAsync(UrlOf(plain), RefSelection.Default, default);
        Assert.Equal(500, reply.ReadRefs().Tips.Count);
        Assert.Equal(packed.Length, reply.BytesReceived);
        Assert.Equal(many.Length, other.BytesReceived);
        Assert.Equal(other.Digest, reply.Digest);
    }

    [Theory]
    [InlineData("gzip", RemoteFailureKind.Malformed)]
    [InlineData("br", RemoteFailureKind.Malformed)]
    public async Task Encoding_that_is_not_what_it_says_is_malformed(string encoding, RemoteFailureKind kind)
    {
        await using CannedServer server = new(HttpAnswer.Of("not compressed at all"u8, 200, null, "Content-Encoding: " + encoding));
        await using GitClient client = new(new GitClientOptions());
        Assert.Equal(kind, (await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure?.Kind);
    }

    [Fact]
    public async Task Reply_over_the_limit_is_refused_whether_announced_or_not()
    {
        byte[] many = Pkt.Join([.. Enumerable.Range(0, 500).Select(i => Pkt.Line($"{One} refs/heads/branch-{i}\n")), Pkt.Flush]);
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(many);
        }

        foreach (byte[] answer in (byte[][])[HttpAnswer.UploadPackResult(many), HttpAnswer.Chunked(many, 500), HttpAnswer.Of(packed.ToArray(), 200, null, "Content-Encoding: gzip"), HttpAnswer.Of(many, 200, 1L << 60)])
        {
            await using CannedServer server = new(answer);
            await using GitClient client = new(new GitClientOptions { AdvertisementBytesMax = 10_000 });
            Assert.Equal(RemoteFailureKind.OverLimit, (await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure?.Kind);
        }
    }

    [Fact]
    public async Task Reply_shorter_than_announced_is_cut_off()
    {
        await using CannedServer server = new(HttpAnswer.Of(Refs, 200, 500)) { CloseAfterAnswer = true };
        await using GitClient client = new(new GitClientOptions());
        Assert.Equal(RemoteFailureKind.CutOff, (await client.ProbeAsync(UrlOf(server), RefSelection.Default, default)).Failure?.Kind);
    }

    [Fact]
    public async Task Connection_that_closes_without_answer_is_tried_twice()
    {
        await using CannedServer server = new([]);
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server), RefSelection.Default, default);
        Assert.Equal((RemoteFailureKind.CutOff, 2), (reply.Failure?.Kind, reply.Requests));
    }

    [Fact]
    public async Task Refused_connection_and_unknown_name_are_unreachable()
    {
        CannedServer closed = new([]);
        RepositoryUrl url = UrlOf(closed);
        await closed.DisposeAsync();
        await using GitClient client = new(new GitClientOptions { UseProxy = false });
        Assert.Equal(RemoteFailureKind.Unreachable, (await client.ProbeAsync(url, RefSelection.Default, default)).Failure?.Kind);
        Assert.Equal(RemoteFailureKind.Unreachable, (await client.ProbeAsync(RepositoryUrl.Parse("http://no-such-host.invalid/a"), RefSelection.Default, default)).Failure?.Kind);
    }

    [Fact]
    public async Task Server_that_ignores_prefixes_is_filtered()
    {
        byte[] more = Pkt.Join(Refs[..^4], Pkt.Line($"{One} refs/pull/1/head\n"), Pkt.Flush);
        await using CannedServer narrow = new(HttpAnswer.UploadPackResult(Refs));
        await using CannedServer wide = new(HttpAnswer.UploadPackResult(more));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply one = await client.ProbeAsync(UrlOf(narrow), RefSelection.Default, default);
        ProbeReply two = await client.ProbeAsync(UrlOf(wide), RefSelection.Default, default);
        Assert.Equal(one.Digest, two.Digest);
        Assert.Equal(2, two.ReadRefs().Tips.Count);
    }

    [Fact]
    public async Task Caller_who_cancels_gets_his_own_cancellation()
    {
        TaskCompletionSource asked = new();
        await using ScriptedSocket silent = new(async connection =>
        {
            await connection.ReadHttpRequestAsync();
            asked.SetResult();
            await connection.HoldAsync();
        });
        await using GitClient client = new(new GitClientOptions());
        using CancellationTokenSource stop = new();
        ValueTask<ProbeReply> probe = client.ProbeAsync(RepositoryUrl.Parse($"http://127.0.0.1:{silent.Port}/a"), RefSelection.Default, stop.Token);
        await asked.Task;
        await stop.CancelAsync();
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe.AsTask());
        Assert.Equal(stop.Token, e.CancellationToken);
    }

    [Fact]
    public async Task Silent_server_is_timed_out_by_the_clock()
    {
        Actors.TestKit.Clocks.ManualTimeProvider clock = new();
        TaskCompletionSource asked = new();
        await using ScriptedSocket silent = new(async connection =>
        {
            await connection.ReadHttpRequestAsync();
            asked.SetResult();
            await connection.HoldAsync();
        });
        await using GitClient client = new(new GitClientOptions { Clock = clock, ReadIdleTimeMax = TimeSpan.FromSeconds(30) });
        Task<ProbeReply> probe = client.ProbeAsync(RepositoryUrl.Parse($"http://127.0.0.1:{silent.Port}/a"), RefSelection.Default, default).AsTask();
        await asked.Task;
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(probe.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RemoteFailureKind.TimedOut, (await probe).Failure?.Kind);
    }

    private static bool IsGet(CannedRequest request) => request.Head.StartsWith("GET "u8);

    private static RepositoryUrl UrlOf(CannedServer server, string name = "a/b.git") => RepositoryUrl.Parse(new Uri(server.Address, name).AbsoluteUri);
}
