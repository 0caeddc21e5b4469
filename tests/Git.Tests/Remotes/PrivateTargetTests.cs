using System.Net;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.TestKit.Servers;
using Xunit;

namespace Actors.Git.Tests.Remotes;

public sealed class PrivateTargetTests
{
    private static readonly GitClientOptions Server = new() { AllowPrivate = false };

    [Theory]
    [InlineData("http://127.0.0.1:{0}/r")]
    [InlineData("http://localhost:{0}/r")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/r")]
    [InlineData("http://0177.1:{0}/r")]
    [InlineData("http://2130706433:{0}/r")]
    [InlineData("git://localhost:{0}/r")]
    [InlineData("ssh://localhost:{0}/r")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("file:///etc")]
    public async Task Server_does_not_reach_what_is_private(string url)
    {
        await using CannedServer server = new(HttpAnswer.UploadPackResult("0000"u8));
        await using GitClient client = new(Server);
        ProbeReply reply = await client.ProbeAsync(
            RepositoryUrl.Parse(string.Format(null, url, server.Address.Port)), RefSelection.Default, TestContext.Current.CancellationToken);
        Assert.Equal(RemoteFailureKind.Forbidden, reply.Failure?.Kind);
        Assert.Equal(0, server.Requests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/r")]
    [InlineData("http://localhost:{0}/r")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/r")]
    [InlineData("http://[::ffff:7f00:1]:{0}/r")]
    public async Task A_redirect_does_not_lead_where_the_guard_forbids(string target)
    {
        await using CannedServer inside = new(HttpAnswer.UploadPackResult("0000"u8));
        string location = string.Format(null, target, inside.Address.Port) + "/git-upload-pack";
        await using CannedServer outside = new(HttpAnswer.Of([], 302, null, $"Location: {location}"));
        int asked = 0;
        await using GitClient client = new(new GitClientOptions { AddressGuard = _ => ++asked == 1 });
        ProbeReply reply = await client.ProbeAsync(RepositoryUrl.Parse($"{outside.Address}r"), RefSelection.Default, TestContext.Current.CancellationToken);
        Assert.Equal(RemoteFailureKind.BadRedirect, reply.Failure?.Kind);
        Assert.Contains("not one that may be connected to", reply.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (outside.Requests, inside.Connections));
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_is_judged_the_second_time()
    {
        bool isInside = false;
        await using CannedServer server = new(HttpAnswer.UploadPackResult("0000"u8)) { CloseAfterAnswer = true };
        await using GitClient client = new(new GitClientOptions { AddressGuard = _ => !isInside });
        RepositoryUrl url = RepositoryUrl.Parse($"http://localhost:{server.Address.Port}/r");
        await client.ProbeAsync(url, RefSelection.Default, TestContext.Current.CancellationToken);
        long requests = server.Requests;
        isInside = true;
        ProbeReply reply = await client.ProbeAsync(url, RefSelection.Default, TestContext.Current.CancellationToken);
        Assert.Equal(RemoteFailureKind.Forbidden, reply.Failure?.Kind);
        Assert.Equal(requests, server.Requests);
    }

    [Fact]
    public async Task Address_that_was_reached_is_told()
    {
        List<(string, IPAddress)> told = [];
        await using CannedServer server = new(HttpAnswer.UploadPackResult("0000"u8));
        await using GitClient client = new(new GitClientOptions { Connected = (host, address) => told.Add((host.ToString(), address)) });
        RepositoryUrl url = RepositoryUrl.Parse($"http://localhost:{server.Address.Port}/r");
        await client.ProbeAsync(url, RefSelection.Default, TestContext.Current.CancellationToken);
        Assert.Equal([(url.Host.ToString(), IPAddress.Loopback)], told);
    }
}
