using System.Text.Json;
using Actors.TestKit;
using Actors.TestKit.Git;
using Actors.TestKit.Judges;
using Actors.Web.Forges;
using Xunit;

namespace Actors.Client.Tests.Commands;

/// <summary>One forge, one store, and every command that reads it; git says what is right.</summary>
public sealed class StoreCommandsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private GitFixture _library = null!;
    private LocalForge _forge = null!;

    private string Store => _folder["store"];

    private string Url => _forge.UrlOf("library.git");

    public async ValueTask InitializeAsync()
    {
        GitCommand.Require(Assert.Skip);
        _library = new GitFixture(_folder["forge", "library.git"]).AddHistory(30).AddTag("v1").AddUnusualEntries();
        _library.ForkTo(_folder["forge", "fork.git"]).AddCommit("main", "mine", ("mine.txt", "mine"));
        _forge = await LocalForge.StartAsync(_folder["forge"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_forge is not null)
        {
            await _forge.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Sync_stores_the_list_and_reports_each_repository()
    {
        string report = _folder["report.jsonl"];
        string objects = _folder["objects.txt"];
        CommandRun run = await CommandRun.OfAsync(
            $"{Url}\n# a comment\n{_forge.UrlOf("fork.git")}\n{Url}\n", "sync", "-", "--store", Store, "--report", report, "--new-objects", objects, "--jobs", "1");

        Assert.Equal((0, ""), (run.Code, run.Text));
        string[] lines = File.ReadAllLines(report);
        Assert.Equal(["new", "new"], lines.Select(l => Field(l, "outcome")));
        Assert.Equal(["library.git", "fork.git"], lines.Select(l => Field(l, "url").Split('/')[^1]));
        int stored = new GitFixture(_folder["forge", "fork.git"]).CountObjects();
        Assert.Equal(stored, File.ReadAllLines(objects).Length);
        new StoreJudge(Path.Combine(Store, "objects"), _folder["judge"]).AssertHolds(_library);
    }

    [Fact]
    public async Task A_second_sync_finds_nothing_new()
    {
        await SyncAsync();
        CommandRun run = await CommandRun.OfAsync("", "sync", Url, "--store", Store, "--report", "-");

        Assert.Equal(0, run.Code);
        Assert.Equal("unchanged", Field(Assert.Single(run.Lines), "outcome"));
    }

    [Fact]
    public async Task A_repository_that_is_gone_and_a_rubbish_line_are_told_and_stop_nothing()
    {
        CommandRun run = await CommandRun.OfAsync($"ht!tp://rubbish\n{_forge.UrlOf("nowhere.git")}\n{Url}\n", "sync", "-", "--store", Store, "--report", "-", "--jobs", "1");

        Assert.Equal(2, run.Code);
        Assert.Contains("line 1: 'ht!tp://rubbish' is no repository", run.Error, StringComparison.Ordinal);
        Assert.Equal(["gone", "new"], run.Lines.Select(l => Field(l, "outcome")));
        Assert.Equal("repository", Field(run.Lines[0], "fault"));
        Assert.NotEqual("", Field(run.Lines[0], "retryAt"));
    }

    [Fact]
    public async Task Heads_are_printed_as_git_ls_remote_prints_them()
    {
        await SyncAsync();
        CommandRun run = await CommandRun.OfAsync("", "heads", Url, "--store", Store);

        Assert.Equal(_library.Git.Run("ls-remote", _library.Folder), run.Text.TrimEnd('\n'));
    }

    [Fact]
    public async Task Heads_of_all_repositories_are_printed_in_world_of_codes_form()
    {
        await SyncAsync();
        CommandRun run = await CommandRun.OfAsync("", "heads", "--store", Store, "--format", "woc");

        string oids = string.Join(';', _library.Git.Lines("ls-remote", _library.Folder).Select(l => l.Split('\t')[0]));
        Assert.Equal($"{Url};{oids}\n", run.Text);
    }

    [Fact]
    public async Task Imported_heads_are_shown_until_the_first_sync()
    {
        string oid = new('a', 40);
        CommandRun import = await CommandRun.OfAsync($"{Url};{oid}\nht!tp://rubbish\n", "heads", "import", "-", "--store", Store);
        CommandRun before = await CommandRun.OfAsync("", "heads", "--store", Store, "--format", "woc");
        await SyncAsync();
        CommandRun after = await CommandRun.OfAsync("", "heads", "--store", Store, "--format", "woc");

        Assert.Equal(2, import.Code);
        Assert.Contains("line 2", import.Error, StringComparison.Ordinal);
        Assert.Equal($"{Url};{oid}\n", before.Text);
        Assert.Contains(_library.Oid("main"), after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_lists_visits_newest_first()
    {
        await SyncAsync();
        await SyncAsync();
        CommandRun run = await CommandRun.OfAsync("", "log", Url, "--store", Store);

        Assert.Equal(2, run.Lines.Length);
        Assert.Contains(" unchanged ", run.Lines[0], StringComparison.Ordinal);
        Assert.Contains(" new ", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_prints_only_what_the_store_lacks_in_the_order_asked()
    {
        await SyncAsync();
        string[] unknown = [new string('b', 40), new string('a', 40)];
        CommandRun run = await CommandRun.OfAsync($"{unknown[0]}\n{_library.Oid("main")}\n{unknown[1]}\n", "missing", "--store", Store);
        CommandRun bad = await CommandRun.OfAsync($"{unknown[0]}\nxyz\n", "missing", "--store", Store);

        Assert.Equal(unknown, run.Lines);
        Assert.Equal(1, bad.Code);
        Assert.Contains("line 2", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cat_batch_answers_as_git_cat_file_does()
    {
        await SyncAsync();
        string oids = _library.Git.Run("rev-list", "--objects", "--no-object-names", "--all") + "\n" + new string('0', 40) + "\n";
        CommandRun run = await CommandRun.OfAsync(oids, "cat", "--batch", "--store", Store);

        Assert.Equal(_library.Git.RunBytes(System.Text.Encoding.ASCII.GetBytes(oids), "cat-file", "--batch"), run.Output);
    }

    [Fact]
    public async Task Cat_prints_one_objects_content_type_or_size()
    {
        await SyncAsync();
        string oid = _library.Oid("main");
        Assert.Equal(_library.Git.RunBytes([], "cat-file", "commit", oid), (await CommandRun.OfAsync("", "cat", oid, "--store", Store)).Output);
        Assert.Equal("commit\n", (await CommandRun.OfAsync("", "cat", "-t", oid, "--store", Store)).Text);
        Assert.Equal(_library.Git.Run("cat-file", "-s", oid) + "\n", (await CommandRun.OfAsync("", "cat", "-s", oid, "--store", Store)).Text);
    }

    [Fact]
    public async Task Export_writes_the_repository_as_it_is_and_as_it_was()
    {
        await SyncAsync();
        (string Name, string Oid)[] before = [.. _library.Refs];
        string snapshot = Field((await CommandRun.OfAsync("", "heads", Url, "--store", Store, "--format", "jsonl")).Text, "snapshot");
        _library.SetRef("refs/heads/main", "main~10").DeleteRef("refs/tags/v1");
        await SyncAsync();

        CommandRun now = await CommandRun.OfAsync("", "export", Url, _folder["now.git"], "--store", Store);
        CommandRun then = await CommandRun.OfAsync("", "export", Url, _folder["then.git"], "--at", snapshot, "--store", Store);

        Assert.Equal((0, 0), (now.Code, then.Code));
        StoreJudge.AssertSame(_library.Git, new GitCommand(_folder["now.git"]));
        GitCommand exported = new(_folder["then.git"]);
        Assert.Equal(before.Select(r => $"{r.Oid} {r.Name}"), exported.Lines("for-each-ref", "--format=%(objectname) %(refname)"));
        exported.Run("fsck", "--full", "--strict");
    }

    [Fact]
    public async Task Export_into_a_folder_that_is_not_empty_changes_nothing()
    {
        await SyncAsync();
        string kept = Path.Combine(_folder.Make("target"), "kept.txt");
        await File.WriteAllTextAsync(kept, "mine");
        CommandRun run = await CommandRun.OfAsync("", "export", Url, _folder["target"], "--store", Store);

        Assert.Equal(1, run.Code);
        Assert.Contains("not an empty folder", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(kept));
    }

    [Fact]
    public async Task Status_tells_objects_repositories_and_campaigns()
    {
        await SyncAsync();
        CommandRun run = await CommandRun.OfAsync("", "status", "--store", Store);

        Assert.Contains($"objects       {_library.CountObjects()} in 1 packs", run.Text, StringComparison.Ordinal);
        Assert.Contains("repositories  1", run.Text, StringComparison.Ordinal);
        Assert.Contains("campaign 1", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compact_leaves_one_pack_that_git_accepts()
    {
        await SyncAsync();
        _library.AddCommit("main", "more", ("more.txt", "more"));
        await SyncAsync();
        CommandRun run = await CommandRun.OfAsync("", "compact", "--full", "--store", Store);

        Assert.Equal(0, run.Code);
        Assert.Single(Directory.GetFiles(Path.Combine(Store, "objects", "pack"), "*.pack"));
        new StoreJudge(Path.Combine(Store, "objects"), _folder["judge"]).AssertHolds(_library);
    }

    [Fact]
    public async Task Fsck_finds_nothing_wrong_in_a_sound_store_and_a_flipped_byte_in_a_damaged_one()
    {
        await SyncAsync();
        CommandRun sound = await CommandRun.OfAsync("", "fsck", "--collisions", "--store", Store);
        string pack = Directory.GetFiles(Path.Combine(Store, "objects", "pack"), "*.pack").Single();
        byte[] bytes = await File.ReadAllBytesAsync(pack);
        bytes[bytes.Length / 2] ^= 1;
        File.SetAttributes(pack, FileAttributes.Normal);
        await File.WriteAllBytesAsync(pack, bytes);
        CommandRun damaged = await CommandRun.OfAsync("", "fsck", "--store", Store);

        Assert.True(sound.Code == 0, sound.Text + sound.Error);
        Assert.Equal(2, damaged.Code);
        Assert.Contains(Path.GetFileNameWithoutExtension(pack), damaged.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("heads")]
    [InlineData("status")]
    [InlineData("missing")]
    [InlineData("fsck")]
    [InlineData("compact")]
    public async Task Without_a_store_the_error_says_what_makes_one(string command)
    {
        CommandRun run = await CommandRun.OfAsync("", command, "--store", _folder["nothing"]);

        Assert.Equal(1, run.Code);
        Assert.Contains("there is no store at", run.Error, StringComparison.Ordinal);
        Assert.Contains("actors sync", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["nothing"]));
    }

    private static string Field(string line, string name)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(name).ToString();
    }

    private async Task SyncAsync()
    {
        CommandRun run = await CommandRun.OfAsync("", "sync", Url, "--store", Store);
        Assert.True(run.Code == 0, run.Error);
    }
}
