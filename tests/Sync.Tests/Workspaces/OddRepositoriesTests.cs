using System.Text;
using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>Repositories that are unlike most: stock git sees the same in a workspace as in its own clone.</summary>
public sealed class OddRepositoriesTests
{
    public static TheoryData<string> Kinds =>
        ["detached", "dangling-head", "many-refs", "many-files", "cases", "empty-tree", "large", "submodule", "tag-of-tag", "modes", "deep"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_workspace_is_as_a_clone(string kind)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("odd");
        string? commit = Build(source, kind);
        await bed.VisitAsync("odd");

        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("odd"), Commit = commit });

        bed.AssertSound(workspace, source, commit ?? "HEAD");
        string[] status = new GitCommand(workspace.Path).Lines("submodule", "status");
        Assert.Equal(kind == "submodule" ? ["-" + source.Oid("main~1") + " modules/self"] : [], status);
    }

    [Fact]
    public async Task Objects_as_old_and_foreign_tools_made_them_become_the_files_that_git_makes_of_them()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("odd").AddHistory(1).AddOddObjects();
        await bed.VisitAsync("odd");
        int compared = 0;
        foreach (string branch in source.Refs.Select(one => one.Name).Where(name => name.StartsWith("refs/heads/odd/", StringComparison.Ordinal)))
        {
            WorkspaceResult result = await bed.TryAddAsync(new WorkspaceRequest { Url = bed.Url("odd"), Commit = branch });
            if (branch.EndsWith("/dangerous-names", StringComparison.Ordinal))
            {
                Assert.Equal(WorkspaceEnd.Unsafe, result.End);
                continue;
            }

            Assert.True(result.End == WorkspaceEnd.Made, $"{branch}: {result.Error}");
            string clone = bed.Folder["clones", Path.GetFileName(branch)];
            GitCommand git = new(bed.Folder.Make("clones"));
            git.Run("clone", "-q", "--no-checkout", source.Folder, clone);
            GitCommand cloned = new(clone);
            cloned.Run("checkout", "-q", "--detach", source.Oid(branch));
            Assert.Equal(FolderPicture.Of(clone), FolderPicture.Of(result.Workspace!.Path));
            Assert.Equal(cloned.Run("status", "--porcelain"), new GitCommand(result.Workspace.Path).Run("status", "--porcelain"));
            compared++;
        }

        Assert.True(compared >= 12, $"{compared} branches were compared.");
    }

    [Fact]
    public async Task Names_are_bytes()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("bytes");
        string blob = source.WriteObject("blob", "latin\n");
        string inner = source.Git.Run(Encoding.Latin1.GetBytes($"100644 blob {blob}\tna\u00efve\0100644 blob {blob}\tsp ace\ttab\nline\"quote\\back\0"), "mktree", "-z");
        string tree = source.Git.Run(Encoding.Latin1.GetBytes($"040000 tree {inner}\t\u00fc\0"), "mktree", "-z");
        source.SetRef("main", source.Git.Run("commit-tree", tree, "-m", "bytes"));
        await bed.VisitAsync("bytes");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("bytes") });

        // Without its index git reads everything anew, and finds the same tree.
        GitCommand git = new(workspace.Path);
        Assert.Equal("", git.Run("status", "--porcelain"));
        File.Delete(git.Run("rev-parse", "--git-path", "index"));
        git.Run("add", "-A");
        Assert.Equal(tree, git.Run("write-tree"));
        Assert.Null(await bed.Root.RemoveAsync(workspace.Path, force: true, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(workspace.Path));
    }

    [Fact]
    public async Task A_repository_without_commits_has_no_workspaces()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("empty");
        await bed.VisitAsync("empty");

        Assert.Equal(WorkspaceEnd.NotFound, (await bed.TryAddAsync(new WorkspaceRequest { Url = bed.Url("empty") })).End);
    }

    private static string? Build(GitFixture source, string kind)
    {
        switch (kind)
        {
            case "detached":
                source.AddHistory(4).DetachHead("main~2");
                return null;
            case "dangling-head":
                source.AddHistory(3, branch: "other").SetHead("nowhere");
                return "other";
            case "many-refs":
                source.AddHistory(5).AddRefs(3000, "refs/tags/t{0}", "main", "main~1");
                return "t17";
            case "many-files":
                source.AddEntries("main", "many", [.. Enumerable.Range(0, 3000).Select(i => ("100644", $"d{i % 37}/e{i % 11}/f{i}", $"{i}\n"))]);
                return null;
            case "cases":
                source.AddCommit("main", "cases", ("README", "1\n"), ("readme", "2\n"), ("Dir/a", "3\n"), ("dir/a", "4\n"), ("a.b", "5\n"), ("a/b", "6\n"), ("a-b", "7\n"));
                return null;
            case "empty-tree":
                source.SetRef("main", source.Git.Run("commit-tree", source.WriteTree(), "-m", "nothing"));
                return null;
            case "large":
                source.AddCommit("main", "large", ("large", string.Concat(Enumerable.Repeat("0123456789abcdef", 400_000))), ("none", ""));
                return null;
            case "submodule":
                source.AddHistory(1);
                source.AddEntries("main", "submodule", ("160000", "modules/self", source.Oid("main")), ("100644", ".gitmodules", "[submodule \"self\"]\n\tpath = modules/self\n\turl = ./\n"));
                return null;
            case "tag-of-tag":
                source.AddHistory(3).AddTag("v1", "main~1").AddTag("v2", "v1");
                return "v2";
            case "modes":
                string file = source.WriteObject("blob", "#!/bin/sh\n");
                source.SetRef("main", source.Git.Run("commit-tree", source.WriteTree(("100644", "a", file), ("100664", "b", file), ("100755", "c", file), ("100775", "d", file), ("120000", "e", file)), "-m", "modes"));
                return null;
            default:
                source.AddEntries("main", "deep", ("100644", string.Join('/', Enumerable.Repeat("deep", 200)) + "/end", "end\n"));
                return null;
        }
    }
}
