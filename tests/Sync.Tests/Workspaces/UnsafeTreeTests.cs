using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>Trees that git refuses to check out, whole workspaces: nothing of them is written.</summary>
public sealed class UnsafeTreeTests
{
    public static TheoryData<string, string, string> Hostile => new()
    {
        { "40000", "..", "is no name of a file" },
        { "40000", ".git", "on NTFS" },
        { "40000", ".GIT", "on NTFS" },
        { "40000", ".Git", "on NTFS" },
        { "40000", ".g\u200cit", "on HFS+" },
        { "40000", "git~1", "on NTFS" },
        { "40000", "GIT~1", "on NTFS" },
        { "40000", ".git.", "on NTFS" },
        { "40000", ".git . .", "on NTFS" },
        { "40000", ".git:stream", "on NTFS" },
        { "100644", ".git", "on NTFS" },
        { "120000", ".gIt", "on NTFS" },
        { "160000", ".git", "on NTFS" },
        { "40000", ".G\u200dI\u206fT", "on HFS+" },
        { "40000", "\ufeff.git", "on HFS+" },
        { "40000", ".gi\u202et", "on HFS+" },
        { "120000", ".GITMODULES", "symbolic link" },
        { "120000", "gitmod~1", "symbolic link" },
        { "120000", "GI7EBA~1", "symbolic link" },
        { "120000", ".git\u200cmodules", "symbolic link" },
        { "100644", "..", "is no name of a file" },
        { "100644", ".", "is no name of a file" },
        { "40000", ".git ", "on NTFS" },
        { "40000", ".git::$INDEX_ALLOCATION", "on NTFS" },
        { "40000", "a\\\\.git\\\\hooks", "on NTFS" },
        { "100644", "a/../../../escaped", "separator" },
        { "100644", "/absolute", "separator" },
        { "120000", ".gitmodules", "symbolic link" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_tree_with_such_a_name_is_refused_whole(string mode, string name, string reason)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("hostile").AddHistory(1);
        string blob = source.WriteObject("blob", "payload\n");
        string inner = source.WriteTree(("100755", "post-checkout", blob));
        string tree = source.WriteTree(("100644", "harmless", blob), (mode, name.Replace("\\\\", "\\", StringComparison.Ordinal), mode == "40000" ? inner : blob));
        await AssertRefusedAsync(bed, source, tree, reason);
    }

    [Fact]
    public async Task A_link_beside_a_folder_of_the_same_name_leads_nowhere()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("hostile").AddHistory(1);
        string blob = source.WriteObject("blob", "payload\n");
        string target = source.WriteObject("blob", bed.Folder.Make("outside"));
        string inner = source.WriteTree(("100644", "escaped", blob));
        string tree = source.WriteTree(("120000", "x", target), ("40000", "x", inner));

        await AssertRefusedAsync(bed, source, tree, "in its tree twice");
        Assert.Empty(Directory.GetFileSystemEntries(bed.Folder["outside"]));
    }

    [Fact]
    public async Task Links_out_of_the_tree_are_made_and_never_written_through()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("links").AddEntries("main", "links", ("120000", "out", "../../../outside"), ("120000", "loop", "loop"), ("100644", "z", "z\n"));
        await bed.VisitAsync("links");

        bed.AssertSound(await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("links") }), source);
    }

    [Fact]
    public async Task A_tree_of_more_entries_than_any_real_one_is_refused_before_they_are_written()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("bomb").AddHistory(1);
        string tree = source.WriteTree([.. Enumerable.Range(0, 10).Select(i => ("100644", $"f{i}", source.WriteObject("blob", "boom\n")))]);
        for (int level = 0; level < 9; level++)
        {
            string below = tree;
            tree = source.WriteTree([.. Enumerable.Range(0, 10).Select(i => ("40000", $"d{i}", below))]);
        }

        await AssertRefusedAsync(bed, source, tree, "more than");
    }

    private static async Task AssertRefusedAsync(WorkspaceBed bed, GitFixture source, string tree, string reason)
    {
        source.SetRef("main", source.Git.Run("commit-tree", tree, "-m", "hostile"));
        await bed.VisitAsync(Path.GetFileNameWithoutExtension(source.Folder));

        WorkspaceResult result = await bed.TryAddAsync(new WorkspaceRequest { Url = bed.Url(Path.GetFileNameWithoutExtension(source.Folder)), Path = bed.Folder["here"] });

        Assert.Equal(WorkspaceEnd.Unsafe, result.End);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(bed.Folder["here"]));
        Assert.Empty(bed.Root.List());
    }
}
