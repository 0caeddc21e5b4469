using System.Text;
using Actors.Sync.Workspaces;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Sync.Tests.Workspaces;

/// <summary>Attributes that change files: the same bytes as stock git's own checkout, and a clean status.</summary>
public sealed class AttributeTests
{
    private static readonly string[] Contents = ["one\ntwo\n", "one\r\ntwo\r\n", "one\ntwo\r\nthree\n", "a\rb\n", "no end", "\0binary\n", "$Id$ and $Id: old $ and $Id: two words here $\n", "ünï\n", ""];

    public static TheoryData<string> Attributes =>
    [
        "* text eol=crlf\n",
        "* eol=crlf\n",
        "* text=auto eol=crlf\n",
        "* text=auto eol=lf\n",
        "* -text eol=crlf\n",
        "* crlf=input\n*.txt eol=crlf\n",
        "* ident\n",
        "* text working-tree-encoding=UTF-16\n",
        "* text working-tree-encoding=UTF-16LE-BOM eol=crlf\n",
        "* working-tree-encoding=latin1\n",
        "[attr]dos text eol=crlf\n*.txt dos\nf1.txt -dos\nf2.txt !eol\n\"f3.txt\" ident\n",
        "*.txt text eol=crlf\n*.txt binary\n",
        "f?.txt eol=crlf\ninner/** -eol\n/inner/f1.txt ident\n# comment\n!f2.txt ident\n",
        "\ufefff1.txt eol=crlf\ninner/ ident\n",
    ];

    [Theory]
    [MemberData(nameof(Attributes))]
    public async Task Files_are_as_git_writes_them(string attributes)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        List<(string, string, string)> entries = [("100644", ".gitattributes", attributes), ("100644", "inner/.gitattributes", "f4.txt text eol=crlf\n[attr]nomacro ident\nf5.txt nomacro\n")];
        for (int i = 0; i < Contents.Length; i++)
        {
            entries.Add(("100644", $"f{i}.txt", Contents[i]));
            entries.Add(("100644", $"inner/f{i}.txt", Contents[i]));
        }

        GitFixture source = bed.Make("attributes").AddEntries("main", "attributes", [.. entries]);
        await bed.VisitAsync("attributes");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("attributes") });

        string clone = bed.Folder["clone"];
        new GitCommand(bed.Folder.FullPath).Run("clone", "-q", source.Folder, clone);
        Assert.Equal(FolderPicture.Of(clone), FolderPicture.Of(workspace.Path));
        // Where git's own checkout is unchanged to git, ours is.
        Assert.Equal("", new GitCommand(workspace.Path).Run("status", "--porcelain"));
    }

    [Fact]
    public async Task Links_named_gitattributes_say_nothing()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        GitFixture source = bed.Make("links").AddEntries("main", "a link", ("120000", ".gitattributes", "rules"), ("100644", "rules", "* eol=crlf\n"), ("100644", "a", "one\n"));
        await bed.VisitAsync("links");
        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("links") });

        Assert.Equal(Encoding.UTF8.GetBytes("one\n"), await File.ReadAllBytesAsync(Path.Combine(workspace.Path, "a"), TestContext.Current.CancellationToken));
        bed.AssertSound(workspace, source);
    }
}
