using Actors.Sync.Tests.Repositories;
using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using LibGit2Sharp;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>Stores that are no folder: a base holds what its workspaces need, and libgit2 reads the store itself.</summary>
public sealed class StoreBackendTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stock_git_works_in_a_workspace_of_a_store_that_is_no_folder()
    {
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(12).AddTag("v1", "main~5");
        await bed.VisitAsync("library");
        WorkspaceRoot root = RootOf(bed);

        WorkspaceResult old = await root.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Commit = "v1" }, Token);
        // Not the branches that it has no objects of.
        Assert.Equal(["refs/tags/v1"], new GitCommand(old.Workspace!.Path).Lines("for-each-ref", "--format=%(refname)"));
        new GitCommand(old.Workspace.Path).Run("fsck", "--full");
        WorkspaceResult newest = await root.AddAsync(new WorkspaceRequest { Url = bed.Url("library") }, Token);

        Assert.Equal((WorkspaceEnd.Made, WorkspaceEnd.Made), (old.End, newest.End));
        GitCommand git = new(newest.Workspace!.Path);
        Assert.Equal("", git.Run("status", "--porcelain"));
        Assert.Equal(12, git.Lines("log", "--format=%H").Length);
        Assert.Equal(source.Oid("v1^{}"), new GitCommand(old.Workspace.Path).Run("rev-parse", "HEAD"));
        git.Run("fsck", "--full");
        Assert.Equal(["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/tags/v1"], git.Lines("for-each-ref", "--format=%(refname)"));
        Assert.StartsWith("v1-5-g", git.Run("describe"), StringComparison.Ordinal);
        // One for the first commit, one for its tag, one for what the newest has more.
        Assert.Equal(3, Directory.GetFiles(Path.Combine(bed.Scratch, "bases", newest.Workspace.Base + ".git", "objects", "pack"), "*.idx").Length);
        Assert.Null(await root.RemoveAsync(old.Workspace.Path, force: true, Token));
    }

    [Fact]
    public async Task Libgit2_reads_history_trees_and_contents_from_any_store()
    {
        WorkspaceBed.RequireLibrary();
        await using SyncBed bed = await SyncBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(9);
        GitFixture other = bed.Make("other", seed: 5).AddHistory(4);
        await bed.VisitAsync("library");
        await bed.VisitAsync("other");
        WorkspaceResult made = await RootOf(bed).AddAsync(new WorkspaceRequest { Url = bed.Url("library") }, Token);

        using Repository repository = OpenedWorkspace.Open(made.Workspace!.Path, bed.Objects);
        Assert.Equal(source.Git.Lines("rev-list", "main"), repository.Commits.QueryBy(new CommitFilter()).Select(commit => commit.Sha));
        Assert.Empty(repository.RetrieveStatus());
        // Another repository's commit is nowhere in the base: it can only come from the store.
        Commit foreign = Assert.IsType<Commit>(repository.Lookup(other.Oid("main")));
        Blob blob = Assert.IsType<Blob>(foreign["src/part0/sub0/file0.txt"].Target);
        Assert.Equal(other.Git.Run("show", "main:src/part0/sub0/file0.txt") + "\n", blob.GetContentText());
        Assert.Null(repository.Lookup(new string('1', 40)));
    }

    private static WorkspaceRoot RootOf(SyncBed bed) => new(bed.Scratch, bed.Objects, null, bed.Heads, TimeProvider.System);
}
