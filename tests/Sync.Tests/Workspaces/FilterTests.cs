using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>Filters that a person's own git is set to: the files that git writes, or a refusal that names one.</summary>
public sealed class FilterTests
{
    private const string Attributes = "*.txt filter=Up.Case text eol=crlf\n*.id ident filter=named\n*.no filter=unknown\n";

    [Theory]
    [InlineData("[filter \"Up.Case\"]\n\tsmudge = tr a-z A-Z\n\tclean = tr A-Z a-z\n")]
    [InlineData("[filter \"Up.Case\"]\n\tsmudge = tr a-z A-Z\n\tclean = tr A-Z a-z\n\trequired\n[filter \"named\"]\n\tsmudge = \"cat; printf '%%s' %f\"\n")]
    [InlineData("[filter \"Up.Case\"]\n\tsmudge = cat\n\tclean = cat\n[filter \"named\"]\n\tsmudge = false\n")]
    [InlineData("[filter \"Up.Case\"]\n\tclean = cat\n[filter \"up.case\"]\n\tsmudge = false\n\trequired = true\n")]
    [InlineData("[filter \"Up.Case\"]\n\tsmudge = head -c 3\n\trequired = no\n")]
    public async Task Files_are_as_git_writes_them(string configuration)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("filters").AddEntries(
            "main", "filters",
            [("100644", ".gitattributes", Attributes), .. ((string[])["a.txt", "it's odd !.txt", "in/b.txt", "c.id", "d.no"]).Select(path => ("100644", path, "one\ntwo $Id$\n"))]);
        await bed.VisitAsync("filters");
        bed.Environment["GIT_CONFIG_GLOBAL"] = bed.Folder["configuration"];
        await File.WriteAllTextAsync(bed.Folder["configuration"], configuration, TestContext.Current.CancellationToken);

        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("filters") });

        GitCommand Person(string folder) => new(folder) { Environment = { ["GIT_CONFIG_GLOBAL"] = bed.Folder["configuration"] } };
        Person(bed.Folder.FullPath).Run("clone", "-q", source.Folder, bed.Folder["clone"]);
        Assert.Equal(FolderPicture.Of(bed.Folder["clone"]), FolderPicture.Of(workspace.Path));
        Assert.Equal("", Person(workspace.Path).Run("status", "--porcelain"));
    }

    [Theory]
    [InlineData("[filter \"Up.Case\"]\n\tsmudge = false\n\trequired = true\n", "'a.txt' is to go through the filter Up.Case of your git configuration, which failed: code 1")]
    [InlineData("[filter \"Up.Case\"]\n\tclean = cat\n\trequired = true\n", "'a.txt' is to go through the filter Up.Case, which your git configuration requires and has no smudge command for")]
    [InlineData("[filter \"Up.Case\"]\n\tprocess = something\n", "'a.txt' is to go through filter.Up.Case.process of your git configuration, which is not run here")]
    public async Task What_cannot_be_filtered_is_refused_and_nothing_is_made(string configuration, string reason)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("filters").AddEntries("main", "filters", ("100644", ".gitattributes", Attributes), ("100644", "a.txt", "one\n"), ("100644", "b", "two\n"));
        await bed.VisitAsync("filters");
        bed.Environment["GIT_CONFIG_GLOBAL"] = bed.Folder["configuration"];
        await File.WriteAllTextAsync(bed.Folder["configuration"], configuration, TestContext.Current.CancellationToken);

        WorkspaceResult result = await bed.TryAddAsync(new WorkspaceRequest { Url = bed.Url("filters"), Path = bed.Folder["here"] });

        Assert.Equal(WorkspaceEnd.Failed, result.End);
        Assert.StartsWith(reason, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(bed.Folder["here"]));
    }

    [Fact]
    public async Task No_filter_of_a_repositorys_own_is_run()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        string owned = bed.Folder["owned"];
        GitFixture source = bed.Make("filters").AddEntries(
            "main", "filters", ("100644", ".gitattributes", Attributes), ("100644", "a.txt", "one\n"), ("100644", ".gitconfig", $"[filter \"Up.Case\"]\n\tsmudge = touch {owned}\n"));
        source.Git.Run("config", "filter.Up.Case.smudge", $"touch {owned}");
        await bed.VisitAsync("filters");

        await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("filters") });

        Assert.False(File.Exists(owned));
    }
}
