using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.TestKit.Tests.Servers;

public sealed class ServerTests
{
    [Fact]
    public async Task A_canned_server_answers_each_request_of_one_connection()
    {
        await using CannedServer server = new(request => HttpAnswer.Of(Encoding.ASCII.GetBytes($"{request.Number} {Encoding.ASCII.GetString(request.Target)} {request.Body.Length}")));
        using HttpClient http = new();
        Assert.Equal("1 /a?b 0", await http.GetStringAsync(new Uri(server.Address, "a?b"), TestContext.Current.CancellationToken));
        HttpResponseMessage second = await http.PostAsync(new Uri(server.Address, "c"), new ByteArrayContent(new byte[200_000]), TestContext.Current.CancellationToken);
        Assert.Equal("2 /c 200000", await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((2L, 1L), (server.Requests, server.Connections));
    }

    [Fact]
    public async Task A_canned_server_understands_chunked_requests()
    {
        await using CannedServer server = new(request => HttpAnswer.Chunked(request.Body, 3));
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Post, server.Address) { Content = new StringContent("in several pieces") };
        request.Headers.TransferEncodingChunked = true;
        HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("in several pieces", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_canned_server_speaks_TLS()
    {
        using X509Certificate2 certificate = SelfSignedCertificate.Create();
        await using CannedServer server = new(HttpAnswer.Of("safe"u8), certificate);
        using HttpClientHandler handler = new() { ServerCertificateCustomValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.RemoteCertificateChainErrors };
        using HttpClient http = new(handler);
        Assert.Equal("safe", await http.GetStringAsync(server.Address, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_script_sees_and_sends_every_byte()
    {
        TaskCompletionSource<string> seen = new();
        await using ScriptedSocket server = new(async connection =>
        {
            (string head, byte[] body) = await connection.ReadHttpRequestAsync();
            seen.SetResult(head[..4] + Encoding.ASCII.GetString(body));
            await connection.SendAsync(HttpAnswer.Of("short"u8, announced: 100));
        });
        using HttpClient http = new();
        using StringContent content = new("hello");
        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync($"http://127.0.0.1:{server.Port}/", content, TestContext.Current.CancellationToken));
        Assert.Equal("POSThello", await seen.Task);
    }

    [Fact]
    public async Task A_script_can_reset_and_hold()
    {
        await using ScriptedSocket server = new(async connection =>
        {
            await connection.ReadUntilAsync("\r\n\r\n"u8.ToArray());
            if (connection.Number == 1)
            {
                connection.Reset();
            }
            else
            {
                await connection.HoldAsync();
            }
        });
        using HttpClient http = new();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync($"http://127.0.0.1:{server.Port}/", TestContext.Current.CancellationToken));
        using CancellationTokenSource giveUp = new();
        Task<HttpResponseMessage> held = http.GetAsync($"http://127.0.0.1:{server.Port}/", giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
    }

    [Fact]
    public async Task What_a_script_finds_wrong_fails_the_test()
    {
        ScriptedSocket server = new(_ => throw new InvalidOperationException("not what I expected"));
        using (HttpClient http = new())
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync($"http://127.0.0.1:{server.Port}/", TestContext.Current.CancellationToken));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.DisposeAsync());
    }

    [Fact]
    public void The_daemon_serves_by_its_own_protocol()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        GitFixture fixture = new GitFixture(folder["served", "one.git"]).AddHistory(3);
        using GitDaemon daemon = GitDaemon.Start(folder["served"]);
        Assert.Contains($"{fixture.Oid("main")}\trefs/heads/main", fixture.Git.Lines("ls-remote", daemon.UrlOf("one.git")));
    }

    [Fact]
    public void Pkt_lines_are_as_the_documentation_shows_them()
    {
        Assert.Equal("0006a\n0005a000bfoobar\n0004"u8.ToArray(), Pkt.Join(Pkt.Line("a\n"), Pkt.Line("a"), Pkt.Line("foobar\n"), Pkt.Line("")));
        Assert.Equal("0007\u0001ab0006\u0001c"u8.ToArray(), Pkt.Sideband(1, "abc"u8, 2));
    }
}
