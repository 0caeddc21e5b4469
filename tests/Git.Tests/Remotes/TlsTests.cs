using System.Security.Cryptography.X509Certificates;
using Actors.Git.Objects;
using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Git.Tests.Remotes;

/// <summary>Over TLS: HTTP/2 where the server offers it, HTTP/1.1 else.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task Many_probes_and_fetches_share_the_connections_of_a_server_with_http2()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        GitFixture repository = new GitFixture(folder["served", "a.git"]).AddHistory(5);
        using X509Certificate2 certificate = SelfSignedCertificate.Create();
        await using LocalForge forge = await LocalForge.StartAsync(new LocalForgeOptions { Folder = folder["served"], Certificate = certificate });
        await using GitClient client = new(new GitClientOptions { CertificateCheck = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() });
        RepositoryUrl url = RepositoryUrl.Parse(forge.UrlOf("a.git"));

        ProbeReply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.ProbeAsync(url, RefSelection.Default, default).AsTask()));
        FetchResult[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.FetchAsync(
            url, new FetchRequest { Wants = [Oid.Parse(repository.Oid("main"))] }, (pack, stop) => pack.CopyToAsync(Stream.Null, stop), default)));

        Assert.All(replies, r => Assert.Equal(replies[0].Digest, r.Digest));
        Assert.All(replies, r => Assert.Null(r.Failure));
        Assert.All(results, r => Assert.True(r.PackReceived, r.Failure?.Message));
    }

    [Fact]
    public async Task Stream_that_http2_resets_inside_the_pack_is_cut_off()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        GitFixture repository = new GitFixture(folder["served", "a.git"]).AddHistory(50);
        using X509Certificate2 certificate = SelfSignedCertificate.Create();
        await using LocalForge forge = await LocalForge.StartAsync(new LocalForgeOptions { Folder = folder["served"], Certificate = certificate, Behaviour = new() { CutAfterBytes = 3000 } });
        await using GitClient client = new(new GitClientOptions { CertificateCheck = (_, _, _, _) => true });
        FetchResult result = await client.FetchAsync(
            RepositoryUrl.Parse(forge.UrlOf("a.git")), new FetchRequest { Wants = [Oid.Parse(repository.Oid("main"))] }, (pack, stop) => pack.CopyToAsync(Stream.Null, stop), default);
        Assert.Equal(RemoteFailureKind.CutOff, result.Failure?.Kind);
    }

    [Fact]
    public async Task Certificate_that_nobody_vouches_for_is_unreachable()
    {
        using X509Certificate2 certificate = SelfSignedCertificate.Create();
        await using CannedServer server = new(HttpAnswer.UploadPackResult(Pkt.Flush), certificate);
        await using GitClient client = new(new GitClientOptions());
        ProbeReply reply = await client.ProbeAsync(RepositoryUrl.Parse(new Uri(server.Address, "a").AbsoluteUri), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.Unreachable, reply.Failure?.Kind);
        Assert.Equal(0, server.Requests);
    }
}
