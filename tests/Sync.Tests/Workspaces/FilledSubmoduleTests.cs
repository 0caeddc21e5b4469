using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>Submodules that are filled with the workspace, beside <c>git clone --recurse-submodules</c>.</summary>
public sealed class FilledSubmoduleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submodules_of_all_levels_are_filled_as_git_fills_them()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture outer = await MakeThreeLevelsAsync(bed);
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("outer"), Path = bed.Folder["here"], Submodules = true });

        string clone = bed.Folder["clone"];
        new GitCommand(bed.Folder.FullPath).Run("clone", "-q", "--recurse-submodules", bed.Url("outer").ToString(), clone);
        Assert.Equal(FolderPicture.Of(clone), FolderPicture.Of(workspace.Path));
        Assert.Equal(Status(new GitCommand(clone)), Status(new GitCommand(workspace.Path)));
        Assert.Equal(3, Status(new GitCommand(workspace.Path)).Length);
        foreach (string folder in (string[])[".", "lib/inner", "lib/inner/deep", "again"])
        {
            GitCommand git = new(Path.Combine(workspace.Path, folder));
            Assert.Equal("", git.Run("status", "--porcelain", "--ignored"));
            git.Run("fsck", "--connectivity-only");
        }

        Assert.Equal([workspace.Path], bed.Root.List().Select(one => one.Path));
        Assert.Equal(outer.Oid("main"), workspace.Commit.ToString());
        if (GitLibrary.Missing is null)
        {
            await foreach (WorkspaceCheck check in bed.Root.VerifyAsync(Token))
            {
                Assert.Equal(new WorkspaceCheck(workspace.Path, null, 0), check);
            }
        }
    }

    [Fact]
    public async Task People_work_in_them_with_stock_git_and_another_workspace_sees_nothing_of_it()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        await MakeThreeLevelsAsync(bed);
        WorkspaceRequest request = new() { Url = bed.Url("outer"), Submodules = true };
        (Workspace first, Workspace second) = (await bed.AddAsync(request), await bed.AddAsync(request));
        Workspace inner = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("inner") });
        GitCommand git = new(Path.Combine(first.Path, "lib/inner"));
        await File.WriteAllTextAsync(Path.Combine(git.Folder, "mine.txt"), "mine\n", Token);
        git.Run("add", "mine.txt");
        git.Run("commit", "-q", "-m", "mine");

        GitCommand outside = new(first.Path);
        Assert.Equal("M lib/inner", outside.Run("status", "--porcelain").Trim());
        outside.Run("submodule", "foreach", "-q", "--recursive", "git status --porcelain");
        outside.Run("submodule", "update", "-q", "--init", "--recursive");
        Assert.Equal("", outside.Run("status", "--porcelain"));
        outside.Run("submodule", "deinit", "-q", "again");
        outside.Run("submodule", "update", "-q", "--init", "again");
        Assert.Equal("", outside.Run("status", "--porcelain"));
        foreach (Workspace other in (Workspace[])[second, inner])
        {
            GitCommand there = new(other.Path);
            Assert.Equal(("", other.Path), (there.Run("status", "--porcelain"), there.Run("rev-parse", "--show-toplevel")));
        }
    }

    [Fact]
    public async Task What_the_store_lacks_of_them_is_told_level_by_level_and_nothing_is_made()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture deep = bed.Make("deep", seed: 3).AddHistory(2);
        GitFixture inner = AddModule(bed.Make("inner", seed: 2).AddHistory(3), ("deep", "deep", "../deep.git", deep.Oid("main~1")));
        AddModule(bed.Make("outer").AddHistory(2), ("inner", "lib/inner", "../inner.git", inner.Oid("main")));
        await bed.VisitAsync("outer");
        WorkspaceRequest request = new() { Url = bed.Url("outer"), Path = bed.Folder["here"], Submodules = true };

        WorkspaceResult first = await bed.TryAddAsync(request);
        await bed.VisitAsync("inner");
        WorkspaceResult second = await bed.TryAddAsync(request);
        await bed.VisitAsync("deep");

        Assert.Equal((WorkspaceEnd.NotFound, WorkspaceEnd.NotFound), (first.End, second.End));
        Assert.Equal([(bed.Url("inner"), inner.Oid("main"))], first.Lacking.Select(one => (one.Url, one.Commit!)));
        Assert.Equal([(bed.Url("deep"), deep.Oid("main~1"))], second.Lacking.Select(one => (one.Url, one.Commit!)));
        Assert.False(Directory.Exists(request.Path));
        await bed.AddAsync(request);
    }

    [Theory]
    [InlineData("../../x", "lib/inner", "../inner.git", "", "has a name that leads elsewhere")]
    [InlineData("/x", "lib/inner", "../inner.git", "", "has a name that leads elsewhere")]
    [InlineData("x", "lib/inner", "--upload-pack=touch owned", "", "has a URL that would be an option")]
    [InlineData("x", "lib/inner", "ext::sh -c \\\"touch owned\\\"", "", "names a remote helper")]
    [InlineData("x", "lib/inner", "../../../../x", "", "leads out of its host")]
    [InlineData("x", "lib/inner", "/etc", "", "is a folder of this machine")]
    [InlineData("x", "lib/inner", "../inner.git", "\tupdate = !touch owned\n", "has a way of being updated")]
    [InlineData("x", "elsewhere", "../inner.git", "", "there is no URL for submodule 'lib/inner'")]
    [InlineData("again/x", "lib/inner", "../inner.git", "", "would be within 'again'")]
    public async Task Submodules_of_an_attacker_are_refused_and_nothing_is_made(string name, string path, string url, string more, string reason)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture inner = bed.Make("inner", seed: 2).AddHistory(1);
        string modules = $"[submodule \"again\"]\n\tpath = again\n\turl = ../inner.git\n[submodule \"{name}\"]\n\tpath = {path}\n\turl = \"{url}\"\n{more}";
        bed.Make("outer").AddHistory(1).AddEntries("main", "hostile", ("100644", ".gitmodules", modules), ("160000", "lib/inner", inner.Oid("main")), ("160000", "again", inner.Oid("main")));
        await bed.VisitAsync("outer");
        await bed.VisitAsync("inner");

        WorkspaceResult result = await bed.TryAddAsync(new WorkspaceRequest { Url = bed.Url("outer"), Path = bed.Folder["here"], Submodules = true });

        Assert.Equal(WorkspaceEnd.Unsafe, result.End);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(bed.Folder["here"]));
        Assert.Empty(bed.Root.List());
    }

    [Fact]
    public async Task A_repository_that_records_its_own_past_again_and_again_is_refused()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("self").AddHistory(1);
        for (int i = 0; i < 14; i++)
        {
            AddModule(source, ("self", "self", "./", source.Oid("main")));
        }

        await bed.VisitAsync("self");

        WorkspaceResult deep = await bed.TryAddAsync(new WorkspaceRequest { Url = bed.Url("self"), Submodules = true });
        Assert.Equal(WorkspaceEnd.Unsafe, deep.End);
        Assert.Contains("more than 12 in one another", deep.Error, StringComparison.Ordinal);
        Workspace twelve = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("self"), Commit = source.Oid("main~2"), Submodules = true });
        Assert.Equal("", new GitCommand(twelve.Path).Run("status", "--porcelain"));
    }

    [Fact]
    public async Task A_submodule_that_is_not_to_be_updated_stays_empty()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture inner = bed.Make("inner", seed: 2).AddHistory(1);
        bed.Make("outer").AddEntries("main", "none", ("100644", ".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ../inner.git\n\tupdate = none\n"), ("160000", "x", inner.Oid("main")));
        await bed.VisitAsync("outer");

        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("outer"), Submodules = true });

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(workspace.Path, "x")));
        Assert.Equal("", new GitCommand(workspace.Path).Run("status", "--porcelain"));
    }

    [Theory]
    [InlineData("file", "has changes in 1 files")]
    [InlineData("commit", "is on no branch")]
    [InlineData("branch", "is on no branch")]
    [InlineData("nothing", null)]
    [InlineData("filled by git", null)]
    public async Task A_workspace_is_not_removed_while_work_in_a_submodule_would_be_lost(string work, string? reason)
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        await MakeThreeLevelsAsync(bed);
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("outer"), Path = bed.Folder["here"], Submodules = work != "filled by git" });
        if (work == "filled by git")
        {
            bed.Make("inner", seed: 2).AddHistory(2);
            new GitCommand(workspace.Path).Run("submodule", "update", "-q", "--init", "--recursive");
        }

        GitCommand git = new(Path.Combine(workspace.Path, "lib/inner/deep"));
        if (work == "file")
        {
            await File.WriteAllTextAsync(Path.Combine(git.Folder, "mine.txt"), "mine\n", Token);
        }
        else if (work is "commit" or "branch")
        {
            git.Run(work == "commit" ? ["commit", "-q", "--allow-empty", "-m", "mine"] : ["switch", "-q", "-c", "mine"]);
            git.Run("commit", "-q", "--allow-empty", "-m", "mine");
        }

        string? refused = await bed.Root.RemoveAsync(workspace.Path, force: false, Token);

        Assert.True(reason is null ? refused is null : refused?.Contains(reason, StringComparison.Ordinal) == true, refused);
        Assert.Null(reason is null ? null : await bed.Root.RemoveAsync(workspace.Path, force: true, Token));
        Assert.False(Directory.Exists(workspace.Path));
        Assert.Empty(bed.Root.List());
    }

    private static async Task<GitFixture> MakeThreeLevelsAsync(WorkspaceBed bed)
    {
        GitFixture deep = bed.Make("deep", seed: 3).AddHistory(2);
        GitFixture inner = AddModule(bed.Make("inner", seed: 2).AddHistory(3), ("deep", "deep", "../deep.git", deep.Oid("main~1")));
        GitFixture outer = AddModule(
            bed.Make("outer").AddHistory(2), ("the.inner/one", "lib/inner", "../inner.git", inner.Oid("main")), ("again", "again", bed.Url("inner").ToString(), inner.Oid("main~2")));
        foreach (string name in (string[])["deep", "inner", "outer"])
        {
            await bed.VisitAsync(name);
        }

        return outer;
    }

    private static GitFixture AddModule(GitFixture source, params (string Name, string Path, string Url, string Oid)[] modules) => source.AddEntries("main", "submodules", [
        ("100644", ".gitmodules", string.Concat(modules.Select(one => $"[submodule \"{one.Name}\"]\n\tpath = {one.Path}\n\turl = {one.Url}\n"))),
        .. modules.Select(one => ("160000", one.Path, one.Oid))]);

    /// <summary>Without what <c>git describe</c> says, which depends on the refs.</summary>
    private static string[] Status(GitCommand git) => [.. git.Lines("submodule", "status", "--recursive").Select(line => line.Split(" (")[0])];
}
