using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>A machine that lost power, as it looks after its next start: names and dates are there, contents are not.</summary>
public sealed class UnwrittenFilesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("file")]
    [InlineData("index")]
    [InlineData("record")]
    [InlineData("link")]
    public async Task A_workspace_that_was_not_all_written_is_not_listed_and_verify_tells(string lost)
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace whole = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        Workspace torn = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Path = bed.Folder["torn"] });
        string administration = Path.Combine(bed.Folder["store", "workspaces"], "bases", $"{torn.Base}.git", "worktrees", torn.Name);
        Empty(lost switch
        {
            "file" => Path.Combine(torn.Path, "src/part0/sub0/file0.txt"),
            "index" => Path.Combine(administration, "index"),
            "record" => Path.Combine(administration, "actors"),
            _ => Path.Combine(torn.Path, ".git"),
        });

        WorkspaceRoot restarted = new(bed.Folder["store", "workspaces"], bed.Store, bed.Folder["store", "objects"], bed.Heads, TimeProvider.System) { Boot = "the next" };

        Assert.Equal([whole.Path], restarted.List().Select(one => one.Path));
        List<WorkspaceCheck> checks = [];
        await foreach (WorkspaceCheck check in restarted.VerifyAsync(Token))
        {
            checks.Add(check);
        }

        Assert.Equal([torn.Path], checks.Where(check => check.Problem is not null).Select(check => check.Path));
        Assert.Equal(2, checks.Count);
        Assert.Null(await restarted.RemoveAsync(torn.Path, force: true, Token));
        Assert.Single(Directory.GetDirectories(Path.GetDirectoryName(administration)!));
    }

    [Fact]
    public async Task Changes_of_people_are_not_taken_for_it()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "src/part0/sub0/file0.txt"), "", Token);
        File.Delete(Path.Combine(workspace.Path, "src/part0/sub0/file1.txt"));
        new GitCommand(workspace.Path).Run("status");

        WorkspaceRoot restarted = new(bed.Folder["store", "workspaces"], bed.Store, bed.Folder["store", "objects"], bed.Heads, TimeProvider.System) { Boot = "the next" };

        Assert.Single(restarted.List());
    }

    [Fact]
    public async Task What_was_listed_is_on_the_disk_and_is_not_looked_at_again()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        string mark = Path.Combine(bed.Folder["store", "workspaces"], "bases", $"{workspace.Base}.git", "worktrees", workspace.Name, "actors-boot");
        Assert.NotEqual("flushed", await File.ReadAllTextAsync(mark, Token));

        Assert.Single(bed.Root.List());

        Assert.Equal("flushed", await File.ReadAllTextAsync(mark, Token));
        Empty(Path.Combine(workspace.Path, "src/part0/sub0/file0.txt"));
        WorkspaceRoot restarted = new(bed.Folder["store", "workspaces"], bed.Store, bed.Folder["store", "objects"], bed.Heads, TimeProvider.System) { Boot = "the next" };
        Assert.Single(restarted.List());
    }

    [Theory]
    [InlineData("actors-partial")]
    [InlineData("actors-partial.tmp")]
    public async Task A_request_whose_note_was_not_written_leaves_nothing_in_the_base(string note)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        string worktrees = Path.Combine(bed.Folder["store", "workspaces"], "bases", $"{workspace.Base}.git", "worktrees");
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(worktrees, "half")).FullName, note), "", Token);

        Assert.Equal([Path.Combine(worktrees, "half")], bed.Root.Prune().Removed);
        bed.AssertSound(workspace, source);
    }

    /// <summary>What ext4 leaves of a file whose content was still in memory: its name and date, and no bytes.</summary>
    private static void Empty(string path)
    {
        DateTime modified = File.GetLastWriteTimeUtc(path);
        File.WriteAllBytes(path, []);
        File.SetLastWriteTimeUtc(path, modified);
    }
}
