using Actors.Git.Objects;
using Actors.Sync.Repositories;
using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

public sealed class CloneAdoptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_clone_gives_what_it_reaches_to_the_store_and_goes_on(bool drop)
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(10);
        GitCommand clone = Clone(bed, source, "clones/work");
        string before = clone.Run("rev-parse", "HEAD");
        await File.WriteAllTextAsync(Path.Combine(clone.Folder, "mine"), "mine\n", Token);
        clone.Run("add", "mine");
        clone.Run("commit", "-q", "-m", "mine");
        string mine = clone.Run("rev-parse", "HEAD");
        clone.Run("reset", "-q", "--hard", "HEAD~1");
        clone.Run("worktree", "add", "-q", "--detach", bed.Folder["clones", "linked"]);
        GitCommand linked = new(bed.Folder["clones", "linked"]);
        linked.Run("commit", "-q", "--allow-empty", "-m", "in a worktree");
        await File.WriteAllTextAsync(Path.Combine(clone.Folder, "staged"), "only staged\n", Token);
        clone.Run("add", "staged");

        Assert.Equal([clone.Folder], CloneAdoption.Find(bed.Folder["clones"]));
        AdoptedClone adopted = await AdoptionOf(bed).AdoptAsync(clone.Folder, drop, Token);

        Assert.Null(adopted.Error);
        Assert.Equal(before, adopted.Head.ToString());
        bool[] present = new bool[2];
        await bed.Store.ContainsAsync(new[] { Oid.Parse(mine), Oid.Parse(linked.Run("rev-parse", "HEAD")) }, present, Token);
        Assert.Equal([true, true], present);
        Assert.Equal(drop, adopted.DroppedBytes > 0);
        Assert.Equal("A  staged", clone.Run("status", "--porcelain"));
        clone.Run("fsck", "--full", "--no-dangling");
        Assert.Equal("only staged", clone.Run("show", ":staged"));
        Assert.Equal(mine, clone.Run("rev-parse", "HEAD@{1}"));
        Assert.Equal("", linked.Run("status", "--porcelain"));
        // What only the clone has stays there.
        Assert.Equal(drop ? 1 : 5, int.Parse(clone.Run("count-objects").Split(' ')[0], null));
        // The commit that only this clone had is a workspace like any other.
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("library"), Commit = mine });
        Assert.Equal("mine\n", await File.ReadAllTextAsync(Path.Combine(workspace.Path, "mine"), Token));
    }

    [Fact]
    public async Task Adopted_clones_are_listed_and_a_shallow_one_is_refused_while_the_store_lacks_its_past()
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(10);
        GitCommand whole = Clone(bed, source, "clones/a/whole");
        GitFixture shallow = source.ShallowCloneTo(bed.Folder["clones", "b", "shallow.git"], depth: 2);
        Directory.CreateSymbolicLink(bed.Folder["clones", "link"], whole.Folder);

        Assert.Equal([whole.Folder, shallow.Folder], CloneAdoption.Find(bed.Folder["clones"]));
        AdoptedClone refused = await AdoptionOf(bed).AdoptAsync(shallow.Folder, drop: true, Token);
        AdoptedClone first = await AdoptionOf(bed).AdoptAsync(whole.Folder, drop: true, Token);
        // Now the store has what was cut off.
        AdoptedClone second = await AdoptionOf(bed).AdoptAsync(shallow.Folder, drop: true, Token);

        Assert.Contains("shallow", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, refused.DroppedBytes);
        Assert.Null(first.Error);
        Assert.Null(second.Error);
        Assert.Equal("2", shallow.Git.Run("rev-list", "--count", "main"));
        bed.Root.Remember(first);
        bed.Root.Remember(first);
        Assert.Equal([(whole.Folder, first.Head)], bed.Root.ListAdopted().Select(one => (one.Path, one.Head)));
    }

    [Fact]
    public async Task The_old_layout_of_a_central_bare_clone_with_worktrees_elsewhere_goes_on_over_the_store()
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(10).AddTag("v1", "main~3");
        GitCommand above = new(bed.Folder.Make("old"));
        above.Run("clone", "-q", "--bare", "--no-hardlinks", source.Folder, "central.git");
        GitCommand central = new(bed.Folder["old", "central.git"]);
        foreach (string revision in (ReadOnlySpan<string>)["main", "v1", "main~7"])
        {
            central.Run("worktree", "add", "-q", "--detach", bed.Folder["old", "trees", revision.Replace('~', '-')], revision);
        }

        GitCommand tree = new(bed.Folder["old", "trees", "v1"]);
        tree.Run("switch", "-q", "-c", "experiment");
        tree.Run("commit", "-q", "--allow-empty", "-m", "result");

        Assert.Equal([central.Folder], CloneAdoption.Find(bed.Folder["old"]));
        AdoptedClone adopted = await AdoptionOf(bed).AdoptAsync(central.Folder, drop: true, Token);

        Assert.Null(adopted.Error);
        Assert.True(adopted.DroppedBytes > 0);
        Assert.Empty(Directory.GetFiles(Path.Combine(central.Folder, "objects", "pack"), "*.pack"));
        central.Run("fsck", "--full");
        Assert.Equal(4, central.Lines("worktree", "list").Length);
        foreach (string path in Directory.GetDirectories(bed.Folder["old", "trees"]))
        {
            GitCommand one = new(path);
            Assert.Equal("", one.Run("status", "--porcelain"));
            one.Run("log", "--stat");
        }

        bool[] present = new bool[1];
        await bed.Store.ContainsAsync(new[] { Oid.Parse(tree.Run("rev-parse", "experiment")) }, present, Token);
        Assert.Equal([true], present);
    }

    [Fact]
    public async Task A_clone_that_borrows_from_another_borrows_from_the_store_too_and_needs_the_other_no_more()
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(10);
        GitCommand lender = Clone(bed, source, "lender");
        new GitCommand(bed.Folder.FullPath).Run("clone", "-q", "--shared", lender.Folder, bed.Folder["clones", "borrower"]);
        GitCommand borrower = new(bed.Folder["clones", "borrower"]);
        borrower.Run("commit", "-q", "--allow-empty", "-m", "mine");

        AdoptedClone adopted = await AdoptionOf(bed).AdoptAsync(borrower.Folder, drop: true, Token);

        Assert.Null(adopted.Error);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(borrower.Folder, ".git/objects/info/alternates")).Length);
        Directory.Delete(lender.Folder, recursive: true);
        borrower.Run("fsck", "--full");
        Assert.Equal("", borrower.Run("status", "--porcelain"));
        Assert.Equal("11", borrower.Run("rev-list", "--count", "HEAD"));
    }

    [Fact]
    public async Task A_partial_clone_is_refused_and_stays_as_it_is_while_the_store_lacks_what_it_left_out()
    {
        WorkspaceBed.RequireLibrary();
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("library").AddHistory(10);
        source.Git.Run("config", "uploadpack.allowFilter", "true");
        new GitCommand(bed.Folder.FullPath).Run("clone", "-q", "--bare", "--filter=blob:none", "file://" + source.Folder, bed.Folder["clones", "partial.git"]);
        GitCommand partial = new(bed.Folder["clones", "partial.git"]);
        // Its remote is gone: nothing that it left out can be had.
        partial.Run("remote", "set-url", "origin", bed.Folder["nowhere"]);

        AdoptedClone refused = await AdoptionOf(bed).AdoptAsync(partial.Folder, drop: true, Token);

        Assert.StartsWith("it is a partial clone", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, refused.DroppedBytes);
        Assert.False(File.Exists(Path.Combine(partial.Folder, "objects/info/alternates")));
        await bed.VisitAsync("library");
        Assert.Null((await AdoptionOf(bed).AdoptAsync(partial.Folder, drop: true, Token)).Error);
        Assert.Equal("10", partial.Run("rev-list", "--count", "main"));
    }

    private static CloneAdoption AdoptionOf(WorkspaceBed bed) => new(bed.Sync, bed.Store, bed.Folder["store", "objects"], new SyncOptions());

    private static GitCommand Clone(WorkspaceBed bed, GitFixture source, string name)
    {
        new GitCommand(bed.Folder.FullPath).Run("clone", "-q", "--no-hardlinks", source.Folder, bed.Folder[name]);
        return new GitCommand(bed.Folder[name]);
    }
}
