using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

public sealed class SubmoduleTests
{
    [Fact]
    public async Task Submodules_are_what_they_are_after_a_clone_and_stock_git_fills_them()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture inner = bed.Make("inner", seed: 2).AddHistory(3);
        GitFixture source = bed.Make("outer").AddHistory(2).AddEntries(
            "main", "submodules",
            ("100644", ".gitmodules", $"[submodule \"deep\"]\n\tpath = lib/deep\n\turl = {inner.Folder}\n[submodule \"relative\"]\n\tpath = relative\n\turl = ../inner.git\n"),
            ("160000", "lib/deep", inner.Oid("main")), ("160000", "relative", inner.Oid("main~1")), ("160000", "unnamed", inner.Oid("main")));
        await bed.VisitAsync("outer");

        Workspace first = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("outer"), Path = bed.Folder["first"] });
        Workspace second = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("outer"), Path = bed.Folder["second"] });

        // git itself stops at a submodule that .gitmodules does not name; so it does in a clone.
        Assert.Equal(Status(CloneOf(bed, source)), Status(new GitCommand(first.Path)));
        GitCommand git = new(first.Path);
        Assert.Equal([$"-{inner.Oid("main")} lib/deep", $"-{inner.Oid("main~1")} relative"], git.Lines("submodule", "status", "lib/deep", "relative"));
        git.Run("submodule", "update", "-q", "--init", "lib/deep", "relative");
        Assert.Equal([$" {inner.Oid("main")} lib/deep", $" {inner.Oid("main~1")} relative"], git.Lines("submodule", "status", "lib/deep", "relative").Select(line => line.Split(" (")[0]));
        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.True(File.Exists(Path.Combine(first.Path, "lib/deep/src/part0/sub0/file0.txt")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(second.Path, "lib/deep")));
        Assert.Equal("", new GitCommand(second.Path).Run("status", "--porcelain"));
    }

    private static GitCommand CloneOf(WorkspaceBed bed, GitFixture source)
    {
        new GitCommand(bed.Folder.FullPath).Run("clone", "-q", source.Folder, "clone");
        return new GitCommand(bed.Folder["clone"]);
    }

    private static (int, string) Status(GitCommand git)
    {
        (int code, byte[] output, _) = git.Try([], "submodule", "status");
        return (code, System.Text.Encoding.UTF8.GetString(output));
    }
}
