using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

public sealed class RemovalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removed_workspace_leaves_nothing_but_its_branches()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3).AddUnusualEntries();
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Path = bed.Folder["here"], Branch = "mine" });
        Workspace other = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });

        Assert.Null(await bed.Root.RemoveAsync(workspace.Path, force: false, Token));

        Assert.False(Directory.Exists(workspace.Path));
        Assert.Equal([other.Path], bed.Root.List().Select(one => one.Path));
        Assert.Equal(["refs/heads/mine"], new GitCommand(other.Path).Lines("for-each-ref", "--format=%(refname)", "refs/heads"));
        Assert.Empty(Directory.GetFileSystemEntries(bed.Folder.FullPath, ".actors-*"));
        Assert.Contains("no workspace", await bed.Root.RemoveAsync(workspace.Path, force: false, Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/part0/sub0/file0.txt", "has changes in 1 files")]
    [InlineData("new.txt", "has changes in 1 files")]
    public async Task Changes_are_not_removed_without_force(string file, string reason)
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, file), "mine", Token);

        Assert.Contains(reason, await bed.Root.RemoveAsync(workspace.Path, force: false, Token), StringComparison.Ordinal);
        Assert.Single(bed.Root.List());
        Assert.Null(await bed.Root.RemoveAsync(workspace.Path, force: true, Token));
        Assert.Empty(bed.Root.List());
    }

    [Fact]
    public async Task Commits_that_no_branch_has_are_not_removed_without_force()
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        new GitCommand(workspace.Path).Run("commit", "-q", "--allow-empty", "-m", "mine");

        Assert.Contains("is on no branch", await bed.Root.RemoveAsync(workspace.Path, force: false, Token), StringComparison.Ordinal);
        new GitCommand(workspace.Path).Run("switch", "-q", "-c", "kept");
        Assert.Null(await bed.Root.RemoveAsync(workspace.Path, force: false, Token));
    }

    [Fact]
    public async Task A_sparse_workspace_without_changes_is_removed()
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Sparse = ["src/part1"] });

        Assert.Null(await bed.Root.RemoveAsync(workspace.Path, force: false, Token));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../../x")]
    [InlineData("nobody")]
    public async Task A_folder_that_says_to_be_a_workspace_and_is_none_takes_nothing_with_it(string name)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        string foreign = bed.Folder.Make("foreign");
        string bases = bed.Folder["store", "workspaces", "bases"];
        await File.WriteAllTextAsync(Path.Combine(foreign, ".git"), $"gitdir: {bases}/{workspace.Base}.git/worktrees/{name}\n", Token);

        Assert.Contains("no workspace", await bed.Root.RemoveAsync(foreign, force: true, Token), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(foreign, ".git"), $"gitdir: {bases}/{workspace.Base}.git/worktrees/{workspace.Name}\n", Token);
        Assert.True(Directory.Exists(foreign));
        bed.AssertSound(workspace, source);
    }

    [Fact]
    public async Task Prune_forgets_workspaces_whose_folder_is_gone_and_keeps_the_others()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace gone = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Path = bed.Folder["gone"] });
        Workspace locked = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Path = bed.Folder["locked"] });
        Workspace unmounted = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Path = bed.Folder["disk", "unmounted"] });
        Workspace kept = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        new GitCommand(kept.Path).Run("worktree", "lock", locked.Path);
        Directory.Delete(gone.Path, recursive: true);
        Directory.Delete(locked.Path, recursive: true);
        Directory.Delete(bed.Folder["disk"], recursive: true);

        TidyReport report = bed.Root.Prune();

        Assert.Equal([gone.Path], report.Removed);
        Assert.Equal([locked.Path, unmounted.Path], report.Kept.Select(one => one.Path).Order(StringComparer.Ordinal).Reverse());
        bed.AssertSound(kept, source);
    }

    [Fact]
    public async Task Gc_takes_bases_that_nobody_uses_and_no_others()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        foreach (string name in (string[])["used", "unused", "own"])
        {
            bed.Make(name).AddHistory(2);
            await bed.VisitAsync(name);
        }

        Workspace used = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("used") });
        Workspace unused = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("unused") });
        Workspace own = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("own"), Branch = "mine" });
        new GitCommand(own.Path).Run("commit", "-q", "--allow-empty", "-m", "mine");
        Assert.Null(await bed.Root.RemoveAsync(unused.Path, force: true, Token));
        Assert.Null(await bed.Root.RemoveAsync(own.Path, force: true, Token));
        string bases = bed.Folder["store", "workspaces", "bases"];

        Assert.Empty((await bed.Root.CollectAsync(TimeSpan.FromDays(30), dryRun: false, Token)).Removed);
        Assert.Equal([Path.Combine(bases, unused.Base + ".git")], (await bed.Root.CollectAsync(TimeSpan.Zero, dryRun: true, Token)).Removed);
        Assert.Equal(3, Directory.GetDirectories(bases).Length);
        TidyReport report = await bed.Root.CollectAsync(TimeSpan.Zero, dryRun: false, Token);
        Assert.Equal([Path.Combine(bases, unused.Base + ".git")], report.Removed);
        Assert.Contains("has 1 objects that the store lacks", Assert.Single(report.Kept).Reason, StringComparison.Ordinal);
        Assert.Equal([used.Path], bed.Root.List().Select(one => one.Path));
    }
}
