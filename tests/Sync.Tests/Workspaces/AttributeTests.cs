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

    public static TheoryData<string, string> Personal => new()
    {
        { "[core]\n\tautocrlf = true\n", "inner/* -text\n" },
        { "[core]\n\tautocrlf\n", "* text=auto\nf0.txt eol=lf\nf1.txt text\nf2.txt -crlf\n" },
        { "[core]\n\tautocrlf = Input\n\teol = crlf\n", "* text\n" },
        { "[core] eol = crlf # as on Windows\n", "*.txt text\ninner/* text=auto\nf4.txt !text\n" },
        { "[core]\n\teol = lf\n\tautocrlf = true\n", "*.txt text\n" },
        { "[Core]\n\tAutoCRLF = \"tr\\\nue\" ; over two lines\n", "" },
        { "[include]\n\tpath = more\n[core]\n\tattributesFile = FOLDER/attributes\n", "f1.txt -ident\n" },
        { "[includeIf \"gitdir:FOLDER/\"]\n\tpath = FOLDER/more\n[includeIf \"gitdir/i:nowhere\"]\n\tpath = absent\n", "" },
        { "[includeIf \"gitdir:elsewhere/\"]\n\tpath = more\n[core]\n\tattributesFile = ~/attributes\n", "" },
    };

    [Theory]
    [MemberData(nameof(Personal))]
    public async Task Files_are_as_git_writes_them_for_a_person_with_settings_of_his_own(string configuration, string attributes)
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        List<(string, string, string)> entries = [("100644", ".gitattributes", attributes)];
        for (int i = 0; i < Contents.Length; i++)
        {
            entries.Add(("100644", $"f{i}.txt", Contents[i]));
            entries.Add(("100644", $"inner/f{i}.txt", Contents[i]));
        }

        GitFixture source = bed.Make("attributes").AddEntries("main", "attributes", [.. entries]);
        await bed.VisitAsync("attributes");
        string file = bed.Folder["configuration"];
        await File.WriteAllTextAsync(file, configuration.Replace("FOLDER", bed.Folder.FullPath, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(bed.Folder["more"], "[core]\n\tautocrlf = yes\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(bed.Folder["attributes"], "*.txt ident\nf0.txt eol=crlf\n", TestContext.Current.CancellationToken);
        (bed.Environment["GIT_CONFIG_GLOBAL"], bed.Environment["HOME"]) = (file, bed.Folder.FullPath);

        Workspace workspace = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("attributes") });

        GitCommand Person(string folder) => new(folder) { Environment = { ["GIT_CONFIG_GLOBAL"] = file, ["HOME"] = bed.Folder.FullPath } };
        string clone = bed.Folder["clone"];
        Person(bed.Folder.FullPath).Run("clone", "-q", source.Folder, clone);
        Assert.Equal(FolderPicture.Of(clone), FolderPicture.Of(workspace.Path));
        Assert.Equal("", Person(workspace.Path).Run("status", "--porcelain"));
        // Also where git must read the files.
        foreach (string one in Directory.EnumerateFiles(workspace.Path, "*.txt", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(one, DateTime.UnixEpoch);
            File.SetLastWriteTimeUtc(one.Replace(workspace.Path, clone, StringComparison.Ordinal), DateTime.UnixEpoch);
        }

        Assert.Equal(Person(clone).Run("status", "--porcelain"), Person(workspace.Path).Run("status", "--porcelain"));
    }

    [Fact]
    public async Task What_the_base_has_in_info_attributes_goes_before_the_trees_own()
    {
        await using WorkspaceBed bed = await WorkspaceBed.StartAsync();
        bed.Make("attributes").AddEntries("main", "attributes", ("100644", ".gitattributes", "a -text\n"), ("100644", "a", "one\n"), ("100644", "b", "one\n"));
        await bed.VisitAsync("attributes");
        Workspace first = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("attributes") });
        await File.WriteAllTextAsync(
            Path.Combine(new GitCommand(first.Path).Run("rev-parse", "--git-common-dir"), "info", "attributes"), "a text eol=crlf\n", TestContext.Current.CancellationToken);

        Workspace second = await bed.AddAsync(new WorkspaceRequest { Url = bed.Url("attributes") });

        Assert.Equal("one\r\none\n", File.ReadAllText(Path.Combine(second.Path, "a")) + File.ReadAllText(Path.Combine(second.Path, "b")));
        Assert.Equal("", new GitCommand(second.Path).Run("status", "--porcelain"));
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
