using System.IO.Compression;
using System.Net;
using System.Text;
using Actors.TestKit;
using Actors.TestKit.Clocks;
using Actors.TestKit.Git;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Web.Tests.Forges;

public sealed class LocalForgeTests : IAsyncLifetime
{
    private static readonly byte[] ListRefs = Encoding.ASCII.GetBytes("0014command=ls-refs\n0000");
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private GitCommand _client = null!;
    private GitCommand _upstream = null!;
    private LocalForge _forge = null!;

    public async ValueTask InitializeAsync()
    {
        GitCommand.Require(Assert.Skip);
        _client = new GitCommand(_folder["client"]);
        _upstream = new GitCommand(_folder["served", "group", "one.git"]);
        _upstream.Run("init", "-q", "--bare");
        string tree = _upstream.Run("mktree");
        _upstream.Run("update-ref", "refs/heads/main", _upstream.Run("commit-tree", tree, "-m", "first"));
        _forge = await StartAsync(options => options);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _forge.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true, "2")]
    [InlineData(true, "0")]
    [InlineData(false, "2")]
    public void Git_clones_with_every_protocol_version(bool version2, string clientVersion)
    {
        _forge.Behaviour = new ForgeBehaviour { Version2 = version2 };
        _client.Run("-c", $"protocol.version={clientVersion}", "clone", "-q", "--mirror", _forge.UrlOf("group/one.git"), "copy.git");
        Assert.Equal(_upstream.Run("rev-list", "--objects", "--all"), new GitCommand(_folder["client", "copy.git"]).Run("rev-list", "--objects", "--all"));
    }

    [Fact]
    public async Task A_blind_version_2_request_is_answered_without_an_advertisement()
    {
        HttpResponseMessage answer = await PostAsync("group/one", ListRefs);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("application/x-git-upload-pack-result", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(_upstream.Run("rev-parse", "main") + " refs/heads/main\n", text, StringComparison.Ordinal);
        Assert.EndsWith("0000", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_version_0_answers_a_version_2_request_with_an_empty_body()
    {
        _forge.Behaviour = new ForgeBehaviour { Version2 = false };
        HttpResponseMessage answer = await PostAsync("group/one", ListRefs);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_compressed_request_is_understood()
    {
        MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(ListRefs);
        }

        HttpResponseMessage answer = await PostAsync("group/one", compressed.ToArray(), content => content.Headers.ContentEncoding.Add("gzip"));
        Assert.Contains("refs/heads/main", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Filters_are_offered_only_where_allowed(bool allowed)
    {
        _forge.SetBehaviour("group/one.git", new ForgeBehaviour { AllowFilter = allowed });
        Assert.Equal(allowed, (await AdvertisementAsync("group/one")).Contains(" filter", StringComparison.Ordinal));
        _forge.SetBehaviour("group/one.git", null);
        Assert.Contains(" filter", await AdvertisementAsync("group/one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scripted_answer_comes_before_git()
    {
        ForgeRequest? seen = null;
        _forge.SetBehaviour("group/one", new ForgeBehaviour
        {
            Answer = request =>
            {
                seen = request;
                return CannedAnswer.Of(429, "slow down", ("Retry-After", "7"));
            },
        });
        HttpResponseMessage answer = await PostAsync("group/one.git", ListRefs);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("slow down", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ListRefs, seen!.Body.ToArray());
        Assert.Equal(("POST", "group/one.git", "git-upload-pack"), (seen.Method, seen.Repository, seen.Endpoint));
    }

    [Fact]
    public async Task A_script_that_says_nothing_leaves_the_request_to_git()
    {
        _forge.Behaviour = new ForgeBehaviour { Answer = _ => null };
        HttpResponseMessage answer = await PostAsync("group/one", ListRefs);
        Assert.Contains("refs/heads/main", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task An_answer_is_cut_after_exactly_as_many_bytes_as_asked(int bytes)
    {
        _forge.Behaviour = new ForgeBehaviour { CutAfterBytes = bytes };
        using HttpRequestMessage request = Request("group/one", ListRefs);
        using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Stream body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        MemoryStream received = new();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(received, TestContext.Current.CancellationToken));
        Assert.Equal(bytes, received.Length);
        Assert.Equal(bytes, _forge.BytesSentOf("group/one"));
    }

    [Theory]
    [InlineData("group/none.git")]
    [InlineData("group")]
    [InlineData("group/..%2f..%2fclient")]
    [InlineData("%2e%2e/client/copy.git")]
    [InlineData("group/../../client/copy.git")]
    [InlineData("group//one.git")]
    public async Task What_is_not_a_repository_below_the_folder_is_not_found(string path)
    {
        _client.Run("init", "-q", "--bare", "copy.git");
        // The text goes to the socket as it is: HttpClient would tidy the path.
        using System.Net.Sockets.TcpClient socket = new("127.0.0.1", _forge.Address.Port);
        byte[] request = Encoding.ASCII.GetBytes($"GET /{path}/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        await socket.GetStream().WriteAsync(request, TestContext.Current.CancellationToken);
        using StreamReader reader = new(socket.GetStream());
        Assert.Contains(" 404 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pushing_and_the_dumb_protocol_are_refused()
    {
        foreach (string query in (string[])["?service=git-receive-pack", ""])
        {
            HttpResponseMessage answer = await _http.GetAsync(_forge.UrlOf("group/one.git") + "/info/refs" + query, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Requests_and_bytes_are_counted_by_repository()
    {
        byte[] body = await (await PostAsync("group/one", ListRefs)).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        await PostAsync("group/other", ListRefs);
        Assert.Equal((2L, 1L, 1L, 0L), (_forge.Requests, _forge.RequestsOf("group/one.git"), _forge.RequestsOf("group/other"), _forge.RequestsOf("group")));
        Assert.Equal(body.Length, _forge.BytesSentOf("group/one"));
        Assert.Equal(_forge.BytesSent, _forge.BytesSentOf("group/one") + _forge.BytesSentOf("group/other"));
    }

    [Fact]
    public async Task A_latency_is_waited_on_the_forge_s_clock()
    {
        ManualTimeProvider time = new();
        await using LocalForge forge = await StartAsync(options => options with { Time = time, Behaviour = new ForgeBehaviour { Latency = TimeSpan.FromMinutes(5) } });
        Task armed = time.WhenTimersAsync(1);
        Task<HttpResponseMessage> answer = _http.SendAsync(Request("group/one", ListRefs, forge.Address), TestContext.Current.CancellationToken);
        await armed;
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task Http_2_without_TLS_has_a_port_of_its_own()
    {
        await using LocalForge forge = await StartAsync(options => options with { Http2 = true });
        using HttpRequestMessage request = Request("group/one", ListRefs, forge.Http2Address);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using HttpResponseMessage answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpVersion.Version20, answer.Version);
        Assert.Contains("refs/heads/main", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told_at_the_start() =>
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => LocalForge.StartAsync(_folder["none"]));

    private Task<LocalForge> StartAsync(Func<LocalForgeOptions, LocalForgeOptions> change) =>
        LocalForge.StartAsync(change(new LocalForgeOptions { Folder = _folder["served"] }));

    private async Task<string> AdvertisementAsync(string repository)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, _forge.UrlOf(repository) + "/info/refs?service=git-upload-pack");
        request.Headers.Add("Git-Protocol", "version=2");
        return await (await _http.SendAsync(request, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<HttpResponseMessage> PostAsync(string repository, byte[] body, Action<HttpContent>? change = null)
    {
        using HttpRequestMessage request = Request(repository, body);
        change?.Invoke(request.Content!);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private HttpRequestMessage Request(string repository, byte[] body, Uri? forge = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(forge ?? _forge.Address, repository + "/git-upload-pack")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-git-upload-pack-request");
        request.Headers.Add("Git-Protocol", "version=2");
        return request;
    }
}
