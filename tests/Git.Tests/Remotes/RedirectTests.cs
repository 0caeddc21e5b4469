using System.Net;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Remotes;

public sealed class RedirectTests
{
    private static readonly byte[] Refs = Pkt.Join(Pkt.Line("1111111111111111111111111111111111111111 HEAD\n"), Pkt.Flush);

    [Theory]
    [InlineData(301, true)]
    [InlineData(308, true)]
    [InlineData(302, false)]
    [InlineData(307, false)]
    public async Task Redirect_is_followed_with_the_same_method_and_permanent_ones_are_told(int status, bool permanent)
    {
        List<string> asked = [];
        await using CannedServer server = new(request =>
        {
            lock (asked)
            {
                asked.Add(request.HeadText.Split('\r')[0]);
            }

            return request.Target.StartsWith("/old"u8)
                ? HttpAnswer.Of(default, status, null, "Location: /new.git/git-upload-pack")
                : HttpAnswer.UploadPackResult(Refs);
        });
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server, "old"), RefSelection.Default, default);
        Assert.Null(reply.Failure);
        Assert.Equal(["POST /old/git-upload-pack HTTP/1.1", "POST /new.git/git-upload-pack HTTP/1.1"], asked);
        Assert.Equal(permanent ? UrlOf(server, "new.git") : null, reply.MovedTo);
        Assert.Equal(2, reply.Requests);
    }

    [Fact]
    public async Task Permanent_redirect_behind_a_temporary_one_moves_nothing()
    {
        await using CannedServer server = new(request =>
            request.Target.StartsWith("/a/"u8) ? HttpAnswer.Of(default, 302, null, "Location: /b/git-upload-pack")
            : request.Target.StartsWith("/b/"u8) ? HttpAnswer.Of(default, 301, null, "Location: /c/git-upload-pack")
            : HttpAnswer.UploadPackResult(Refs));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server, "a"), RefSelection.Default, default);
        Assert.Null(reply.Failure);
        Assert.Null(reply.MovedTo);
        ProbeReply direct = await client.ProbeAsync(UrlOf(server, "b"), RefSelection.Default, default);
        Assert.Equal(UrlOf(server, "c"), direct.MovedTo);
    }

    [Theory]
    [InlineData("/users/sign_in")]
    [InlineData("http://127.0.0.1:1/a/info/refs")]
    [InlineData("ftp://127.0.0.1/new/git-upload-pack")]
    [InlineData("file:///etc/git-upload-pack")]
    [InlineData("gopher:x")]
    [InlineData("/git-upload-pack")]
    [InlineData("")]
    public async Task Redirect_to_where_we_do_not_go_is_bad(string location)
    {
        await using CannedServer server = new(HttpAnswer.Of(default, 302, null, location.Length > 0 ? "Location: " + location : "X: y"));
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(UrlOf(server, "a"), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.BadRedirect, reply.Failure?.Kind);
    }

    [Fact]
    public async Task Redirects_without_end_are_bad()
    {
        await using CannedServer server = new(request => HttpAnswer.Of(default, 301, null, $"Location: /{request.Number}{(request.Head.StartsWith("GET"u8) ? "/info/refs?service=git-upload-pack" : "/git-upload-pack")}"));
        await using GitClient client = new(new GitClientOptions { RedirectsMax = 3 });
        ProbeReply reply = await client.ProbeAsync(UrlOf(server, "a"), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.BadRedirect, reply.Failure?.Kind);
        Assert.InRange(reply.Requests, 4, 6);
    }

    [Fact]
    public async Task Address_that_the_guard_refuses_is_not_connected_to()
    {
        await using CannedServer server = new(HttpAnswer.UploadPackResult(Refs));
        List<IPAddress> asked = [];
        await using GitClient client = new(new GitClientOptions { AddressGuard = address => { asked.Add(address); return false; } });
        ProbeReply reply = await client.ProbeAsync(UrlOf(server, "a"), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.Forbidden, reply.Failure?.Kind);
        Assert.Equal(IPAddress.Loopback, Assert.Single(asked.Distinct()));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Redirect_to_an_address_that_the_guard_refuses_is_bad()
    {
        await using CannedServer inner = new(HttpAnswer.UploadPackResult(Refs));
        await using CannedServer outer = new(HttpAnswer.Of(default, 302, null, $"Location: http://localhost:{inner.Address.Port}/a/git-upload-pack"));
        int connections = 0;
        await using GitClient client = new(new GitClientOptions { AddressGuard = _ => Interlocked.Increment(ref connections) == 1 });
        ProbeReply reply = await client.ProbeAsync(UrlOf(outer, "a"), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.BadRedirect, reply.Failure?.Kind);
        Assert.Equal(0, inner.Connections);
    }

    private static RepositoryUrl UrlOf(CannedServer server, string name) => RepositoryUrl.Parse(new Uri(server.Address, name).AbsoluteUri);
}
