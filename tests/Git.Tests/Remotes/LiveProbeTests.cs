using Actors.Git.Refs;
using Actors.Git.Remotes;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Remotes;

/// <summary>Against real git, by every transport.</summary>
public sealed class LiveProbeTests
{
    public static TheoryData<string> Transports => new("http", "http-v0", "git", "file", "ssh");

    /// <summary>ssh is the same pipe as a path's, once it stands.</summary>
    public static TheoryData<string> TransportsButSsh => new("http", "http-v0", "git", "file");

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Every_transport_shows_what_git_ls_remote_shows(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("a.git").AddHistory(3).AddTag("v1").AddLightTag("light").SetRef("refs/pull/1/head", "main~1");

        ProbeReply reply = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), RefSelection.Default, default);

        Assert.Null(reply.Failure);
        RefAdvertisement refs = reply.ReadRefs();
        Assert.Equal(
            [
                $"{repository.Oid("main")} HEAD  refs/heads/main",
                $"{repository.Oid("main")} refs/heads/main  ",
                $"{repository.Oid("light")} refs/tags/light  ",
                $"{repository.Oid("v1")} refs/tags/v1 {repository.Oid("v1^{}")} ",
            ],
            refs.Tips.Select(t => $"{t.Oid} {t.Name} {t.Peeled} {t.SymrefTarget}"));
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Digest_is_the_same_by_every_transport_and_version(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        await using Remote other = await Remote.StartAsync("file");
        foreach (Remote place in (Remote[])[remote, other])
        {
            place.Add("a.git").AddHistory(3).AddTag("v1").SetRef("refs/pull/1/head", "main~1").AddRefs(30, "refs/heads/b{0}", "main", "main~1");
        }

        foreach (string selection in (string[])["default", "all", "refs/heads/main", "refs/heads/b1", "refs/pull/*,refs/heads/b2*"])
        {
            RefSelection refs = RefSelection.Parse(selection);
            ProbeReply one = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), refs, default);
            ProbeReply two = await other.Client.ProbeAsync(other.UrlOf("a.git"), refs, default);
            Assert.Null(one.Failure);
            Assert.NotEqual(default, one.Digest);
            Assert.Equal(two.Digest, one.Digest);
            Assert.Equal(two.ReadRefs().Tips, one.ReadRefs().Tips);
        }
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Empty_repository_has_no_tips(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        remote.Add("empty.git");
        ProbeReply reply = await remote.Client.ProbeAsync(remote.UrlOf("empty.git"), RefSelection.Default, default);
        Assert.Null(reply.Failure);
        Assert.Empty(reply.ReadRefs().Tips);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Missing_repository_is_not_found(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        ProbeReply reply = await remote.Client.ProbeAsync(remote.UrlOf("nowhere.git"), RefSelection.Default, default);
        Assert.Equal(RemoteFailureKind.NotFound, reply.Failure?.Kind);
    }

    [Theory]
    [MemberData(nameof(TransportsButSsh))]
    public async Task Sha256_repository_is_shown_and_not_fetched(string transport)
    {
        await using Remote remote = await Remote.StartAsync(transport);
        GitFixture repository = remote.Add("wide.git", "sha256").AddHistory(2);

        ProbeReply reply = await remote.Client.ProbeAsync(remote.UrlOf("wide.git"), RefSelection.Default, default);
        ProbeReply again = await remote.Client.ProbeAsync(remote.UrlOf("wide.git"), RefSelection.Default, default);
        FetchResult fetch = await remote.Client.FetchAsync(
            remote.UrlOf("wide.git"), new FetchRequest { Wants = [Git.Objects.Oid.Parse(new string('a', 40))] }, (_, _) => Task.CompletedTask, default);

        Assert.Null(reply.Failure);
        Assert.Equal(ObjectFormat.Sha256, reply.ReadRefs().ObjectFormat);
        Assert.Empty(reply.ReadRefs().Tips);
        Assert.Equal([("HEAD", repository.Oid("main")), ("refs/heads/main", repository.Oid("main"))], reply.ReadRefs().Sha256Tips.Select(t => (t.Name.ToString(), t.Oid)));
        Assert.Equal(reply.Digest, again.Digest);
        Assert.Equal(1, again.Requests);
        Assert.Equal(RemoteFailureKind.Unsupported, fetch.Failure?.Kind);
    }

    [Fact]
    public async Task Unknown_host_that_speaks_v2_costs_one_request()
    {
        await using Remote remote = await Remote.StartAsync("http");
        remote.Add("a.git").AddHistory(1);
        ProbeReply reply = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), RefSelection.Default, default);
        Assert.Equal(1, reply.Requests);
        Assert.Null(reply.Profile);
        Assert.Null(remote.Client.Profiles.Find(remote.UrlOf("a.git").Host));
    }

    [Fact]
    public async Task Server_of_v0_is_learnt_once_and_then_costs_one_request()
    {
        await using Remote remote = await Remote.StartAsync("http-v0");
        remote.Add("a.git").AddHistory(1);
        ProbeReply first = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), RefSelection.Default, default);
        ProbeReply second = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), RefSelection.Default, default);
        Assert.Equal((2, 1), (first.Requests, second.Requests));
        Assert.Equal(0, remote.Client.Profiles.Find(remote.UrlOf("a.git").Host)?.Version);
    }

    [Fact]
    public async Task Learnt_profile_tells_what_real_git_offers()
    {
        await using Remote remote = await Remote.StartAsync("http");
        remote.Add("a.git").AddHistory(1);
        ServerProfile? profile = await remote.Client.LearnAsync(remote.UrlOf("a.git"), default);
        Assert.Equal((2, true, true, true), (profile?.Version, profile?.Filter, profile?.Shallow, profile?.Unborn));
    }

    [Fact]
    public async Task Unborn_head_is_told_by_servers_that_are_known_to_tell_and_changes_no_digest()
    {
        await using Remote remote = await Remote.StartAsync("http");
        remote.Add("empty.git").SetHead("trunk");
        ProbeReply blind = await remote.Client.ProbeAsync(remote.UrlOf("empty.git"), RefSelection.Default, default);
        await remote.Client.LearnAsync(remote.UrlOf("empty.git"), default);
        ProbeReply told = await remote.Client.ProbeAsync(remote.UrlOf("empty.git"), RefSelection.Default, default);
        Assert.Null(blind.ReadRefs().UnbornHeadTarget);
        Assert.Equal("refs/heads/trunk", told.ReadRefs().UnbornHeadTarget?.ToString());
        Assert.Equal(blind.Digest, told.Digest);
    }

    [Fact]
    public async Task Known_digest_keeps_no_advertisement()
    {
        await using Remote remote = await Remote.StartAsync("http");
        GitFixture repository = remote.Add("a.git").AddHistory(1);
        ProbeReply first = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), RefSelection.Default, default);
        ProbeReply same = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), RefSelection.Default, first.Digest, default);
        repository.AddHistory(1);
        ProbeReply changed = await remote.Client.ProbeAsync(remote.UrlOf("a.git"), RefSelection.Default, first.Digest, default);
        Assert.Equal(first.Digest, same.Digest);
        Assert.Throws<InvalidOperationException>(same.ReadRefs);
        Assert.NotEqual(first.Digest, changed.Digest);
        Assert.Equal(repository.Oid("main"), changed.ReadRefs().Tips[0].Oid.ToString());
    }
}
