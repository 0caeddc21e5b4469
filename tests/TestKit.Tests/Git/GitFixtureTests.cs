using Actors.TestKit.Git;
using Xunit;

namespace Actors.TestKit.Tests.Git;

public sealed class GitFixtureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GitFixtureTests() => GitCommand.Require(Assert.Skip);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_steps_give_the_same_objects_on_every_machine()
    {
        GitFixture fixture = New("one").AddHistory(5).AddUnusualEntries().AddTag("v1");
        fixture.SetRef("side", "main~2").AddCommit("side", "by hand", ("note", "text\n")).AddMerge("main", "side");
        // A change here changes every recorded transcript: a decision, not an accident.
        Assert.Equal("01366d29c9a1d85d74401f3735a4b50372bbfba3", fixture.Oid("main"));
        Assert.Equal("4779e2b192f5e891fb7d6fa27816b9fe1d11f0bb", fixture.Oid("v1"));
    }

    [Fact]
    public void History_continues_where_the_branch_ended()
    {
        GitFixture at_once = New("one").AddHistory(40, files: 5);
        GitFixture in_steps = New("two").AddHistory(15, files: 5).AddHistory(25, files: 5);
        Assert.Equal(at_once.Oid("main"), in_steps.Oid("main"));
        Assert.Equal("40", in_steps.Git.Run("rev-list", "--count", "main"));
    }

    [Fact]
    public void Seeds_share_no_file()
    {
        GitFixture one = New("one").AddHistory(3);
        GitFixture other = new GitFixture(_folder["other"], seed: 2).AddHistory(3);
        Assert.Empty(one.Git.Lines("ls-tree", "-r", "--format=%(objectname)", "main").Intersect(other.Git.Lines("ls-tree", "-r", "--format=%(objectname)", "main")));
    }

    [Fact]
    public void A_fork_has_all_of_its_upstream_and_goes_its_own_way()
    {
        GitFixture upstream = New("one").AddHistory(10).AddTag("v1");
        GitFixture fork = upstream.ForkTo(_folder["fork.git"]).AddHistory(2);
        Assert.Equal(upstream.Oid("main"), fork.Oid("main~2"));
        Assert.Equal(upstream.Oid("v1"), fork.Oid("v1"));
        upstream.AddHistory(1);
        Assert.NotEqual(upstream.Oid("main"), fork.Oid("main~1"));
    }

    [Fact]
    public void A_squashed_copy_has_the_tree_and_not_the_history()
    {
        GitFixture upstream = New("one").AddHistory(10);
        GitFixture squashed = upstream.SquashTo(_folder["squashed.git"]);
        Assert.Equal(upstream.Oid("main^{tree}"), squashed.Oid("main^{tree}"));
        Assert.Equal("1", squashed.Git.Run("rev-list", "--count", "--all"));
        Assert.Single(squashed.Refs);
        Assert.NotEqual(0, squashed.Git.Try([], "cat-file", "-e", upstream.Oid("main")).ExitCode);
    }

    [Fact]
    public void Vendored_files_lie_under_their_folder()
    {
        GitFixture library = new GitFixture(_folder["library"], seed: 9).AddHistory(4);
        GitFixture user = New("user").AddHistory(3).AddVendored(library, "vendor/library");
        Assert.Equal(library.Oid("main^{tree}"), user.Oid("main:vendor/library"));
        Assert.Equal(user.Oid("main~1:src"), user.Oid("main:src"));
        Assert.NotEqual(0, user.Git.Try([], "cat-file", "-e", library.Oid("main")).ExitCode);
    }

    [Fact]
    public void A_shallow_clone_lacks_what_its_last_commit_names()
    {
        GitFixture upstream = New("one").AddHistory(10);
        GitFixture shallow = upstream.ShallowCloneTo(_folder["shallow.git"], depth: 3);
        Assert.Equal("3", shallow.Git.Run("rev-list", "--count", "main"));
        Assert.Equal(upstream.Oid("main~2") + "\n", File.ReadAllText(Path.Combine(shallow.Folder, "shallow")));
    }

    [Fact]
    public void Heads_can_be_unborn_dangling_and_detached()
    {
        GitFixture fixture = New("one");
        Assert.Empty(fixture.Git.Lines("ls-remote", "."));
        fixture.AddHistory(2).SetHead("nowhere");
        Assert.Equal([$"{fixture.Oid("main")}\trefs/heads/main"], fixture.Git.Lines("ls-remote", "."));
        fixture.DetachHead("main~1");
        Assert.Contains($"{fixture.Oid("main~1")}\tHEAD", fixture.Git.Lines("ls-remote", "."));
        Assert.NotEqual(0, fixture.Git.Try([], "symbolic-ref", "HEAD").ExitCode);
    }

    [Fact]
    public void Sha256_repositories_have_longer_names()
    {
        GitFixture fixture = new GitFixture(_folder["long"], "sha256").AddHistory(2).AddUnusualEntries().AddTag("v1");
        Assert.Equal(64, fixture.Oid("v1").Length);
    }

    [Fact]
    public void Odd_objects_are_as_odd_as_they_were_written()
    {
        GitFixture fixture = New("one").AddHistory(1).AddOddObjects().AddUnusualTags();
        byte[] tree = fixture.Git.RunBytes([], "cat-file", "tree", "refs/heads/odd/zero-padded-modes^{tree}");
        Assert.StartsWith("0100644 file\0", System.Text.Encoding.Latin1.GetString(tree), StringComparison.Ordinal);
        Assert.Equal("blob", fixture.Git.Run("cat-file", "-t", "of-a-blob^{}"));
        Assert.Equal(fixture.Oid("main"), fixture.Oid("of-a-tag-of-a-tag^{}"));
        string complaints = fixture.Git.Try([], "fsck", "--full", "--strict").Complaint;
        Assert.Contains("zeroPaddedFilemode", complaints, StringComparison.Ordinal);
        Assert.DoesNotContain("\nmissing ", complaints, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_refs_are_made_at_once()
    {
        GitFixture fixture = New("one").AddHistory(3).AddRefs(2000, "refs/pull/{0}/head", "main", "main~1");
        Assert.Equal(2001, fixture.Refs.Count);
        Assert.Equal(fixture.Oid("main~1"), fixture.Oid("refs/pull/1999/head"));
    }

    [Fact]
    public void A_failing_git_tells_what_it_said()
    {
        GitFailedException failure = Assert.Throws<GitFailedException>(() => New("one").Oid("none"));
        Assert.StartsWith("'git rev-parse --verify -q none' ended with 1", failure.Message, StringComparison.Ordinal);
    }

    private GitFixture New(string name) => new(_folder[name]);
}
