using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

public sealed class WorkspaceRootTests
{
    [Fact]
    public async Task A_workspace_is_a_worktree_that_stock_git_finds_unchanged()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(20).AddTag("v1").AddUnusualEntries();
        await bed.VisitAsync("library");

        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });

        bed.AssertSound(workspace, source);
        GitCommand git = new(workspace.Path);
        Assert.Equal(21, git.Lines("log", "--format=%H").Length);
        Assert.Equal(["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/tags/v1"], git.Lines("for-each-ref", "--format=%(refname)"));
    }

    [Fact]
    public async Task People_work_in_it_with_stock_git()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(8);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Branch = "topic/mine" });
        GitCommand git = new(workspace.Path);

        Assert.Equal("topic/mine", git.Run("branch", "--show-current"));
        await File.WriteAllTextAsync(Path.Combine(workspace.Path, "new.txt"), "new\n", TestContext.Current.CancellationToken);
        git.Run("add", "new.txt");
        git.Run("commit", "-q", "-m", "mine");
        Assert.Equal("1", git.Run("rev-list", "--count", "origin/main..HEAD"));
        Assert.Equal(30, git.Lines("blame", "src/part0/sub0/file0.txt").Length);
        git.Run("bisect", "start", "HEAD", "HEAD~4");
        Assert.Contains($"{git.Run("rev-parse", "topic/mine~3")} is the first bad commit", git.Run("bisect", "run", "sh", "-c", $"git merge-base --is-ancestor {git.Run("rev-parse", "topic/mine~3")} HEAD && exit 1 || exit 0"), StringComparison.Ordinal);
        git.Run("bisect", "reset");
        Assert.Equal("topic/mine", git.Run("branch", "--show-current"));
        await File.AppendAllTextAsync(Path.Combine(workspace.Path, "new.txt"), "more\n", TestContext.Current.CancellationToken);
        Assert.Contains("+more", git.Run("diff"), StringComparison.Ordinal);
        git.Run("stash", "-q");
        git.Run("stash", "drop", "-q");
        git.Run("switch", "-q", "main");
        Assert.Equal(source.Oid("main"), git.Run("rev-parse", "HEAD"));
        Assert.Equal("", git.Run("status", "--porcelain"));
        // What is new is the base's own; the store has what it had.
        Assert.Equal(["topic/mine"], git.Lines("branch", "--format=%(refname:short)", "--no-merged", "origin/main"));
    }

    [Fact]
    public async Task A_base_is_named_by_its_URL_and_no_hook_is_run_whoever_made_it()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        string owned = bed.Folder["owned"];
        GitFixture source = bed.Make("library").AddHistory(1).AddEntries("main", "hooks", ("100755", "hooks/post-checkout", $"#!/bin/sh\ntouch {owned}\n"));
        await bed.VisitAsync("library");
        await File.WriteAllTextAsync(bed.Folder["configuration"], "[core]\n\thooksPath = hooks\n", TestContext.Current.CancellationToken);
        bed.Environment["GIT_CONFIG_GLOBAL"] = bed.Folder["configuration"];

        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });

        string name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(bed.Url("library").ToString())))[..16];
        Assert.Equal(bed.Folder["store", "workspaces", "bases", name + ".git"], new GitCommand(workspace.Path).Run("rev-parse", "--path-format=absolute", "--git-common-dir"));
        Assert.False(File.Exists(owned));
        Assert.False(Directory.Exists(bed.Folder["store", "workspaces", "bases", name + ".git", "hooks"]));
        bed.AssertSound(workspace, source);
    }

    [Fact]
    public async Task Git_reads_no_file_to_find_that_nothing_changed()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(3);
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(workspace.Path, "src"), "*", SearchOption.AllDirectories)];
        GitCommand git = new(workspace.Path);

        // Same size, same dates, other bytes: whoever does not look inside finds nothing.
        string index = git.Run("rev-parse", "--git-path", "index");
        byte[] before = await File.ReadAllBytesAsync(index, TestContext.Current.CancellationToken);
        string[] stale = git.Lines("diff-files", "--name-only");
        Assert.Empty(stale);
        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.Equal(before, await File.ReadAllBytesAsync(index, TestContext.Current.CancellationToken));

        // And a change of the same size in the same moment is seen.
        await File.WriteAllTextAsync(files[0], (await File.ReadAllTextAsync(files[0], TestContext.Current.CancellationToken)).Replace("line", "LINE", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Single(git.Lines("diff", "--name-only"));
    }

    [Fact]
    public async Task A_sparse_workspace_is_as_git_makes_it()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(3, files: 24).AddCommit("main", "top", ("top.txt", "top\n"), ("src/beside.txt", "beside\n"));
        await bed.VisitAsync("library");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Sparse = ["src/part1"] });
        GitCommand git = new(workspace.Path);

        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.Equal("src/part1", git.Run("sparse-checkout", "list"));
        string clone = bed.Folder["clone"];
        source.Git.Run("worktree", "add", "-q", "--no-checkout", clone, "main");
        GitCommand cloned = new(clone);
        cloned.Run("sparse-checkout", "set", "--cone", "src/part1");
        cloned.Run("checkout", "-q");
        Assert.Equal(FolderPicture.Of(clone), FolderPicture.Of(workspace.Path));
        Assert.Equal(cloned.Run("ls-files", "-t"), git.Run("ls-files", "-t"));
        git.Run("sparse-checkout", "disable");
        Assert.Equal(source.Git.Lines("ls-tree", "-r", "--name-only", "main").Length, git.Lines("ls-files").Count(file => File.Exists(Path.Combine(workspace.Path, file))));
    }

    [Theory]
    [InlineData("main", "refs/heads/main")]
    [InlineData("v1", "refs/tags/v1")]
    [InlineData("refs/heads/side", "refs/heads/side")]
    [InlineData(null, "refs/heads/main")]
    public async Task A_commit_is_named_by_branch_tag_ref_or_HEAD(string? named, string means)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(5).AddTag("v1", "main~2").SetRef("side", "main~1");
        await bed.VisitAsync("library");

        bed.AssertSound(await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Commit = named }), source, means);
    }

    [Fact]
    public async Task Refusals_are_clear_and_leave_nothing()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("library").AddHistory(2).AddTag("blob", "main:src/part0/sub0/file0.txt");
        await bed.VisitAsync("library");
        WorkspaceRequest request = new() { Url = bed.Url("library"), Path = bed.Folder["taken"] };
        bed.Folder.Write("taken/file", "mine");

        Assert.Equal(WorkspaceEnd.PathTaken, (await bed.TryAddAsync(request)).End);
        Assert.Equal(WorkspaceEnd.NotFound, (await bed.TryAddAsync(request with { Commit = "nowhere" })).End);
        Assert.Equal(WorkspaceEnd.NotFound, (await bed.TryAddAsync(request with { Commit = "blob" })).End);
        Assert.Equal(WorkspaceEnd.NotFound, (await bed.TryAddAsync(request with { Commit = new string('1', 40) })).End);
        Assert.Equal(WorkspaceEnd.BranchRefused, (await bed.TryAddAsync(request with { Path = bed.Folder["free"], Branch = "a..b" })).End);
        await bed.AddAsync(request with { Path = bed.Folder["first"], Branch = "one" });
        Assert.Equal(WorkspaceEnd.BranchRefused, (await bed.TryAddAsync(request with { Path = bed.Folder["free"], Branch = "one" })).End);
        Assert.Equal(WorkspaceEnd.BranchRefused, (await bed.TryAddAsync(request with { Path = bed.Folder["free"], Branch = "one/two" })).End);

        Assert.Equal("first", Path.GetFileName(Assert.Single(bed.Root.List()).Path));
        Assert.Single(Directory.GetDirectories(Path.Combine(Directory.GetDirectories(bed.Folder["store", "workspaces", "bases"])[0], "worktrees")));
        Assert.False(Directory.Exists(bed.Folder["free"]));
        Assert.Empty(Directory.GetDirectories(bed.Folder.FullPath, ".actors-*"));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("actors\n", true)]
    [InlineData("", false)]
    public async Task Remote_refs_follow_the_stored_heads_and_peoples_own_refs_stay(string? lockFile, bool followed)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(4).AddLightTag("v1").SetRef("gone", "main~1");
        await bed.VisitAsync("library");
        Workspace first = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Branch = "mine" });
        GitCommand git = new(first.Path);
        git.Run("tag", "-f", "v1", "HEAD~2");
        git.Run("pack-refs", "--all");
        string before = source.Oid("main");
        source.AddHistory(2).AddTag("v2").DeleteRef("gone");
        await bed.VisitAsync("library");
        string lockPath = Path.Combine(bed.Folder["store", "workspaces", "bases", first.Base + ".git"], "packed-refs.lock");
        if (lockFile is not null)
        {
            // Ours of a killed process, or git's own, which is empty and may be somebody's at work.
            await File.WriteAllTextAsync(lockPath, lockFile, TestContext.Current.CancellationToken);
        }

        await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library") });

        Assert.Equal(followed ? source.Oid("main") : before, git.Run("rev-parse", "origin/main"));
        Assert.Equal(before, git.Run("rev-parse", "mine"));
        Assert.Equal(git.Run("rev-parse", "mine~2"), git.Run("rev-parse", "v1"));
        Assert.Equal(followed ? ["v1", "v2"] : ["v1"], git.Lines("tag"));
        Assert.Equal(followed ? 2 : 3, git.Lines("for-each-ref", "refs/remotes/origin").Length);
        Assert.Equal(!followed, File.Exists(lockPath));
    }
}
