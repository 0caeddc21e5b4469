using System.Text;
using Actors.Loaders.Loads;
using Actors.Loaders.Objects;
using Actors.Loaders.Tests.Archives;
using Actors.Loaders.Tests.Loads;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Loaders.Tests.Debian;

public sealed class SourceUnpackingTests
{
    private const string Changelog = "s (1-1) sid; urgency=low\n\n  * x\n\n -- Ann Ö <ann@example.org>  Sun, 19 Oct 2014 16:52:35 +0200\n";

    [Fact]
    public async Task Format_3_quilt_is_unpacked_as_by_dpkg_source()
    {
        using TemporaryFolder folder = Prepared();
        SourcePackage package = new(folder);
        folder.Write("debian/debian/patches/series", "one.patch\n# none\ndir/two.patch -p1  # last\n");
        folder.Write("debian/debian/patches/one.patch", Diff(folder, "hello.c", text => text.Replace("line 50\n", "changed 50\n", StringComparison.Ordinal)) + NewFile("new/file.txt", "fresh\n"));
        folder.Write("debian/debian/patches/dir/two.patch", Diff(folder, "hello.c", text => text.Replace("line 90\n", "", StringComparison.Ordinal)) + Removal("gone.txt", "going\n"));
        package.Tar("s_1.orig.tar.gz", "up", "s-1");
        folder.Write("extra/part-2/x", "part\n");
        package.Tar("s_1.orig-part.tar.bz2", "extra", "part-2");
        package.Tar("s_1-1.debian.tar.xz", "debian", "debian");
        package.Describe("3.0 (quilt)", "s", "1-1");
        await SameAsync(package);
    }

    [Fact]
    public async Task Format_3_quilt_without_patches_has_the_state_of_quilt()
    {
        using TemporaryFolder folder = Prepared();
        SourcePackage package = new(folder);
        package.Tar("s_1.orig.tar.gz", "up", "s-1");
        package.Tar("s_1-1.debian.tar.gz", "debian", "debian");
        package.Describe("3.0 (quilt)", "s", "1-1");
        await SameAsync(package);
    }

    [Fact]
    public async Task A_changelog_behind_a_link_is_read()
    {
        using TemporaryFolder folder = Prepared();
        SourcePackage package = new(folder);
        folder.Write("up/s-1/doc/NEWS", Changelog);
        folder.Make("up", "s-1", "debian");
        File.CreateSymbolicLink(folder["up", "s-1", "debian", "changelog"], "../doc/NEWS");
        package.Tar("s_1-1.tar.xz", "up", "s-1");
        package.Describe("3.0 (native)", "s", "1-1");
        await SameAsync(package);
    }

    /// <summary>What is said of a package goes into its object: the same files under another version are another release.</summary>
    [Fact]
    public async Task The_same_description_under_another_version_is_another_object()
    {
        using TemporaryFolder folder = Prepared();
        SourcePackage package = new(folder);
        folder.Write("up/s-1/debian/changelog", Changelog);
        package.Tar("s_1-1.tar.xz", "up", "s-1");
        package.Describe("3.0 (native)", "s", "1-1");
        await using LoadBed bed = new();
        string origin = package.Serve(bed.Server, "s", "1-1");
        await bed.VisitAsync(origin);
        (SyncReport report, LoadReport load) = await bed.VisitAsync(origin.Replace("\"version\":\"1-1\"", "\"version\":\"9\"", StringComparison.Ordinal));
        Assert.Equal(1, load.Loaded);
        Assert.EndsWith("package s version 9", await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/sid/main/1-1")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Format_3_native_is_unpacked_as_by_dpkg_source()
    {
        using TemporaryFolder folder = Prepared();
        SourcePackage package = new(folder);
        folder.Write("up/s-1/debian/changelog", Changelog);
        package.Tar("s_1-1.tar.xz", "up", "s-1");
        package.Describe("3.0 (native)", "s", "1-1");
        await SameAsync(package);
    }

    [Fact]
    public async Task Format_1_is_unpacked_as_by_dpkg_source()
    {
        using TemporaryFolder folder = Prepared();
        SourcePackage package = new(folder);
        package.Tar("s_1.orig.tar.gz", "up", "s-1");
        string diff = Diff(folder, "hello.c", text => text.Replace("line 50\n", "changed 50\nand more\n", StringComparison.Ordinal))
            + NewFile("debian/changelog", Changelog) + NewFile("debian/rules", "#!/usr/bin/make -f\n");
        File.WriteAllBytes(folder["pool", "s_1-1.diff.gz"], Packing.Gzip(Encoding.UTF8.GetBytes(diff)));
        package.Add("s_1-1.diff.gz");
        package.Describe("1.0", "s", "1-1");
        await SameAsync(package);
    }

    [Fact]
    public async Task A_patch_that_does_not_fit_fails_its_release()
    {
        using TemporaryFolder folder = Prepared();
        SourcePackage package = new(folder);
        folder.Write("debian/debian/patches/series", "one.patch\n");
        folder.Write("debian/debian/patches/one.patch", Diff(folder, "hello.c", text => text.Replace("line 50\n", "x\n", StringComparison.Ordinal)).Replace("line 49", "line 48", StringComparison.Ordinal));
        package.Tar("s_1.orig.tar.gz", "up", "s-1");
        package.Tar("s_1-1.debian.tar.gz", "debian", "debian");
        package.Describe("3.0 (quilt)", "s", "1-1");
        await using LoadBed bed = new();
        (_, LoadReport load) = await bed.VisitAsync(package.Serve(bed.Server, "s", "1-1"));
        Assert.Contains("does not fit", Assert.Single(load.Failures).Value, StringComparison.Ordinal);
        Assert.Equal(0, load.NewObjects.Sum());
    }

    private static async Task SameAsync(SourcePackage package)
    {
        string judged = package.Judge("s", "1-1");
        await using LoadBed bed = new();
        (SyncReport report, LoadReport load) = await bed.VisitAsync(package.Serve(bed.Server, "s", "1-1"));
        Assert.Empty(load.Failures);
        string commit = await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/sid/main/1-1"));
        Assert.Equal(
            $"tree {judged}\nauthor Ann Ö <ann@example.org> 1413730355 +0200\ncommitter Ann Ö <ann@example.org> 1413730355 +0200\n\nSynthetic revision for Debian source package s version 1-1",
            commit);
    }

    /// <summary>Upstream's files and Debian's folder.</summary>
    private static TemporaryFolder Prepared()
    {
        GitCommand.Require(Assert.Skip);
        TemporaryFolder folder = new();
        folder.Make("pool");
        folder.Write("up/s-1/hello.c", string.Concat(Enumerable.Range(1, 100).Select(i => $"line {i}\n")));
        folder.Write("up/s-1/gone.txt", "going\n");
        folder.Write("up/s-1/run", "x\n");
        File.SetUnixFileMode(folder["up", "s-1", "run"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        folder.Write("debian/debian/changelog", Changelog);
        folder.Write("debian/debian/rules", "#!/usr/bin/make -f\n");
        return folder;
    }

    /// <summary>A unified diff of one change with three lines of context, as people send it.</summary>
    private static string Diff(TemporaryFolder folder, string file, Func<string, string> change)
    {
        string before = File.ReadAllText(folder["up", "s-1", file]);
        folder.Write($"scratch/a/{file}", before);
        folder.Write($"scratch/b/{file}", change(before));
        GitCommand git = new(folder["scratch"]);
        string diff = Encoding.UTF8.GetString(git.Try([], "diff", "--no-index", "--no-prefix", $"a/{file}", $"b/{file}").Output);
        return diff[diff.IndexOf("--- ", StringComparison.Ordinal)..];
    }

    private static string NewFile(string path, string text) =>
        $"--- /dev/null\n+++ s-1/{path}\n@@ -0,0 +1,{text.Count(c => c == '\n')} @@\n" + string.Concat(text.Split('\n')[..^1].Select(line => $"+{line}\n"));

    private static string Removal(string path, string text) =>
        $"--- s-1/{path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-{text}";
}
