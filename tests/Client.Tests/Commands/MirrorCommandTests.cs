using System.Text.Json;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.TestKit.Servers;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Client.Tests.Commands;

/// <summary><c>actors mirror</c> from a forge to directories that a plain web server shows; stock git says what is right.</summary>
public sealed class MirrorCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private GitFixture _library = null!;
    private LocalForge _forge = null!;
    private StaticFileServer _web = null!;
    private int _clones;

    private string Store => _folder["store"];

    private string Url => _forge.UrlOf("library.git");

    public async ValueTask InitializeAsync()
    {
        GitCommand.Require(Assert.Skip);
        _library = new GitFixture(_folder["forge", "library.git"]).AddHistory(30).AddTag("v1").AddUnusualEntries();
        _library.ForkTo(_folder["forge", "fork.git"]).AddCommit("main", "mine", ("mine.txt", "mine"));
        _forge = await LocalForge.StartAsync(_folder["forge"]);
        _web = await StaticFileServer.StartAsync(_folder.Make("web"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_forge is not null)
        {
            await _forge.DisposeAsync();
            await _web.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_mirror_is_created_then_unchanged_then_updated()
    {
        CommandRun first = await MirrorAsync(Url, _folder["web", "library"]);
        CommandRun second = await MirrorAsync(Url, _folder["web", "library"]);
        _library.AddCommit("main", "more", ("more.txt", "more"));
        CommandRun third = await MirrorAsync(Url, _folder["web", "library"]);

        Assert.Equal((0, 0, 0), (first.Code, second.Code, third.Code));
        Assert.Equal(["created", "unchanged", "updated"], new[] { first, second, third }.Select(run => Mirror(run.Lines.Single(), "outcome")));
        Assert.Equal(["new", "unchanged", "updated"], new[] { first, second, third }.Select(run => Field(run.Lines.Single(), "outcome")));
        Assert.Equal("3", Mirror(third.Lines.Single(), "newObjects"));
        StoreJudge.AssertSame(_library.Git, Clone("library"));
        Assert.Contains("mirrors: 1 of 1 done, updated 1", third.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Store, "mirror-spool")));
    }

    [Fact]
    public async Task A_file_of_pairs_mirrors_each_and_what_is_wrong_with_one_stops_no_other()
    {
        string pairs = _folder.Write("pairs.txt", $"""
            # where      what
            {Url}{'\t'}{_folder["web", "library"]}
            {Url} {_folder["web", "again"]}
            {_forge.UrlOf("fork.git")}   {_folder["web", "fork"]}

            {_forge.UrlOf("fork.git")} {_folder["web", "fork"]}
            {_forge.UrlOf("nowhere.git")} {_folder["web", "nowhere"]}
            ht!tp://rubbish {_folder["web", "rubbish"]}
            {Url}
            {Url} ftp://elsewhere/x
            """);
        CommandRun run = await MirrorAsync("--pairs", pairs);

        Assert.Equal(2, run.Code);
        Assert.Equal(["created", "created", "created", "kept"], run.Lines.Select(line => Mirror(line, "outcome")).Order());
        Assert.Equal(["line 6", "line 8", "line 9", "line 10"], run.Error.Split('\n').Where(line => line.Contains("is no pair", StringComparison.Ordinal)).Select(line => line.Split(": ")[1]));
        StoreJudge.AssertSame(_library.Git, Clone("library"));
        StoreJudge.AssertSame(_library.Git, Clone("again"));
        StoreJudge.AssertSame(new GitCommand(_folder["forge", "fork.git"]), Clone("fork"));
        Assert.False(Directory.Exists(_folder["web", "nowhere"]));
    }

    [Fact]
    public async Task A_source_that_is_gone_keeps_its_mirror_and_the_outcome_says_so()
    {
        await MirrorAsync(Url, _folder["web", "library"]);
        (string Name, string Oid)[] refs = [.. _library.Refs];
        Directory.Move(_folder["forge", "library.git"], _folder["gone.git"]);
        CommandRun run = await MirrorAsync(Url, _folder["web", "library"]);

        Assert.Equal(2, run.Code);
        string line = Assert.Single(run.Lines);
        Assert.Equal(("gone", "kept"), (Field(line, "outcome"), Mirror(line, "outcome")));
        Assert.Contains("'gone'", Mirror(line, "error"), StringComparison.Ordinal);
        GitCommand clone = Clone("library");
        Assert.Equal(refs.Select(r => $"{r.Oid} {r.Name}"), clone.Lines("for-each-ref", "--format=%(objectname) %(refname)"));
        clone.Run("fsck", "--full", "--strict");
    }

    [Fact]
    public async Task A_repository_of_SHA_256_is_refused_clearly_and_no_mirror_is_made()
    {
        _ = new GitFixture(_folder["forge", "long.git"], "sha256").AddHistory(2);
        CommandRun run = await MirrorAsync(_forge.UrlOf("long.git"), _folder["web", "long"]);

        string line = Assert.Single(run.Lines);
        Assert.Equal((2, "unsupported", "kept"), (run.Code, Field(line, "outcome"), Mirror(line, "outcome")));
        Assert.Contains("SHA-256", Mirror(line, "error"), StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(_folder["web", "long"]));
    }

    [Fact]
    public async Task Thousands_of_refs_are_mirrored()
    {
        _library.AddRefs(7000, "refs/tags/many/{0}", "main", "main~1", "main~2", "refs/tags/v1");
        CommandRun run = await MirrorAsync(Url, _folder["web", "library"]);

        Assert.Equal(0, run.Code);
        Assert.Equal("7002", Mirror(run.Lines.Single(), "refs"));
        StoreJudge.AssertSame(_library.Git, Clone("library"));
    }

    [Fact]
    public async Task A_folder_with_another_repository_is_refused_until_it_may_be_taken_over()
    {
        new GitCommand(_folder["web", "mine"]).Run("init", "-q", "--bare", ".");
        CommandRun refused = await MirrorAsync(Url, _folder["web", "mine"]);
        CommandRun taken = await MirrorAsync(Url, _folder["web", "mine"], "--take-over");

        Assert.Equal((2, 0), (refused.Code, taken.Code));
        Assert.Contains("holds a repository that is no mirror of ours", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("give a SOURCE and a TARGET, or --pairs FILE", "mirror")]
    [InlineData("give a SOURCE and a TARGET, or --pairs FILE", "mirror", "gh:a/b")]
    [InlineData("there is no file 'nowhere'", "mirror", "--pairs", "nowhere")]
    [InlineData("does not take a whole bucket", "mirror", "gh:a/b", "s3://bucket")]
    [InlineData("Neither a directory nor s3://BUCKET/PREFIX", "mirror", "gh:a/b", "ftp://x/y")]
    [InlineData("'1 day' is not a time", "mirror", "gh:a/b", "x", "--grace", "1 day")]
    public async Task Wrong_usage_is_told_and_nothing_is_made(string told, params string[] arguments)
    {
        CommandRun run = await CommandRun.OfAsync("", [.. arguments, "--store", Store]);

        Assert.Equal(1, run.Code);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store));
    }

    private Task<CommandRun> MirrorAsync(params string[] arguments) =>
        CommandRun.OfAsync("", ["mirror", .. arguments, "--store", Store, "--report", "-"]);

    private GitCommand Clone(string name)
    {
        string folder = _folder[$"clone{++_clones}"];
        new GitCommand(_folder.FullPath).Run("clone", "-q", "--mirror", _web.UrlOf(name), folder);
        return new GitCommand(folder);
    }

    private static string Field(string line, string name)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(name).ToString();
    }

    private static string Mirror(string line, string name)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("mirror").GetProperty(name).ToString();
    }
}
