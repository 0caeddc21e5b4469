using Actors.Loaders.Loads;
using Actors.Loaders.Tests.Loads;
using Actors.Sync.Repositories;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Loaders.Tests.Debian;

/// <summary>Odd patches: what dpkg-source makes of them is what we make of them, and what it refuses we refuse.</summary>
public sealed class PatchOracleTests
{
    private const string Changelog = "s (1-1) sid; urgency=low\n\n  * x\n\n -- Ann <ann@example.org>  Sun, 19 Oct 2014 16:52:35 +0200\n";

    private const string Hunk = "@@ -9,3 +9,3 @@\n line 9\n-line 10\n+changed\n line 11\n";

    private static readonly Dictionary<string, string> Patches = new(StringComparer.Ordinal)
    {
        ["quilt"] = "Index: s-1/a.c\n===================================================================\n--- s-1.orig/a.c\t2014-01-01 00:00:00.000000000 +0000\n+++ s-1/a.c\t2014-01-01 00:00:01.000000000 +0000\n" + Hunk,
        ["format-patch"] = "From 0123 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: x\n\n---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\nindex 1..2 100644\n--- a/a.c\n+++ b/a.c\n" + Hunk + "-- \n2.30.2\n\n",
        ["rename with hunk"] = "diff --git a/a.c b/b.c\nsimilarity index 90%\nrename from a.c\nrename to b.c\n--- a/a.c\n+++ b/b.c\n" + Hunk,
        ["rename"] = "diff --git a/a.c b/b.c\nsimilarity index 100%\nrename from a.c\nrename to b.c\n",
        ["copy with hunk"] = "diff --git a/a.c b/b.c\nsimilarity index 90%\ncopy from a.c\ncopy to b.c\n--- a/a.c\n+++ b/b.c\n" + Hunk,
        ["mode"] = "diff --git a/a.c b/a.c\nold mode 100644\nnew mode 100755\n",
        ["mode with hunk"] = "diff --git a/a.c b/a.c\nold mode 100644\nnew mode 100755\nindex 1..2\n--- a/a.c\n+++ b/a.c\n" + Hunk,
        ["mode of a program"] = "diff --git a/run b/run\nold mode 100755\nnew mode 100644\nindex 1..2\n--- a/run\n+++ b/run\n@@ -1 +1 @@\n-x\n+y\n",
        ["new program"] = "diff --git a/new b/new\nnew file mode 100755\nindex 0000000..1\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x\n",
        ["new empty file"] = "diff --git a/new b/new\nnew file mode 100644\nindex 0000000..e69de29\n",
        ["new link"] = "diff --git a/new b/new\nnew file mode 120000\nindex 0000000..1\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+a.c\n\\ No newline at end of file\n",
        ["removed"] = "--- a/dir/only\n+++ /dev/null\n@@ -1 +0,0 @@\n-only\n",
        ["removed in time"] = "--- a/dir/only\t2014-01-01 00:00:00.000000000 +0000\n+++ b/dir/only\t1970-01-01 00:00:00.000000000 +0000\n@@ -1 +0,0 @@\n-only\n",
        ["emptied"] = "--- a/dir/only\n+++ b/dir/only\n@@ -1 +0,0 @@\n-only\n",
        ["removed partly"] = "--- a/two\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n",
        ["there already"] = "--- /dev/null\n+++ b/a.c\n@@ -0,0 +1 @@\n+x\n",
        ["offset"] = "--- a/a.c\n+++ b/a.c\n@@ -29,3 +29,3 @@\n line 9\n-line 10\n+changed\n line 11\n",
        ["two hunks with offsets"] = "--- a/a.c\n+++ b/a.c\n@@ -4,3 +4,4 @@\n line 9\n-line 10\n+changed\n+more\n line 11\n@@ -14,3 +15,3 @@\n line 20\n-line 21\n+changed too\n line 22\n",
        ["one context more"] = "--- a/a.c\n+++ b/a.c\n@@ -10,2 +10,2 @@\n-line 10\n+changed\n line 11\n",
        ["one context less"] = "--- a/a.c\n+++ b/a.c\n@@ -9,2 +9,2 @@\n line 9\n-line 10\n+changed\n",
        ["no context"] = "--- a/a.c\n+++ b/a.c\n@@ -10 +10 @@\n-line 10\n+changed\n",
        ["no context inserted"] = "--- a/a.c\n+++ b/a.c\n@@ -10,0 +11 @@\n+inserted\n",
        ["at the start"] = "--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,3 @@\n+first\n line 1\n line 2\n",
        ["at the end"] = "--- a/a.c\n+++ b/a.c\n@@ -39,2 +39,3 @@\n line 39\n line 40\n+last\n",
        ["end moved"] = "--- a/a.c\n+++ b/a.c\n@@ -19,2 +19,3 @@\n line 39\n line 40\n+last\n",
        ["fuzz"] = "--- a/a.c\n+++ b/a.c\n@@ -9,3 +9,3 @@\n line nine\n-line 10\n+changed\n line 11\n",
        ["applied already"] = "--- a/a.c\n+++ b/a.c\n@@ -9,3 +9,3 @@\n line 9\n-changed\n+line 10\n line 11\n",
        ["without a folder"] = "--- a.c.orig\n+++ a.c\n" + Hunk,
        ["twice"] = "--- a/a.c\n+++ b/a.c\n" + Hunk + "--- a/a.c\n+++ b/a.c\n@@ -20,3 +20,3 @@\n line 20\n-line 21\n+changed\n line 22\n",
        ["empty context lines"] = "--- a/gaps\n+++ b/gaps\n@@ -1,4 +1,4 @@\n one\n\n-two\n+2\n\n",
        ["carriage returns"] = ("--- a/a.c\n+++ b/a.c\n" + Hunk).Replace("\n", "\r\n", StringComparison.Ordinal),
        ["carriage returns in the file"] = "--- a/dos\n+++ b/dos\n@@ -1,2 +1,2 @@\n-one\r\n+1\r\n two\r\n",
        ["no newline before"] = "--- a/cut\n+++ b/cut\n@@ -1 +1 @@\n-cut\n\\ No newline at end of file\n+whole\n",
        ["no newline after"] = "--- a/two\n+++ b/two\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n\\ No newline at end of file\n",
        ["words only"] = "Description: nothing\n It changes nothing.\n",
        ["nothing"] = "",
        ["through a link"] = "--- a/way/only\n+++ b/way/only\n@@ -1 +1 @@\n-only\n+1\n",
        ["a link"] = "--- a/link\n+++ b/link\n" + Hunk,
        ["out of the tree"] = "--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n",
        ["odd hunk"] = "--- a/a.c\n+++ b/a.c\n@@ -9,3 +9,4 @@\n line 9\n-line 10\n+changed\n line 11\n",
        ["names with spaces"] = "--- a/with space\t2014-01-01 00:00:00.000000000 +0000\n+++ b/with space\t2014-01-01 00:00:00.000000000 +0000\n@@ -1 +1 @@\n-x\n+y\n",
        ["names with spaces by git"] = "diff --git a/with space b/with space\nindex 1..2 100644\n--- a/with space\t\n+++ b/with space\t\n@@ -1 +1 @@\n-x\n+y\n",
        ["new in new folders"] = "--- /dev/null\n+++ b/deep/er/new\n@@ -0,0 +1,2 @@\n+x\n+y\n",
        ["old name only"] = "--- a/a.c.orig\n+++ b/a.c\n" + Hunk,
        ["context diff"] = "*** a/two\n--- b/two\n***************\n*** 1,2 ****\n  one\n! two\n--- 1,2 ----\n  one\n! 2\n",
    };

    public static TheoryData<string> Names => [.. Patches.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_patch_is_applied_or_refused_as_by_dpkg_source(string name)
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        folder.Make("pool");
        folder.Write("up/s-1/a.c", string.Concat(Enumerable.Range(1, 40).Select(i => $"line {i}\n")));
        folder.Write("up/s-1/dir/only", "only\n");
        folder.Write("up/s-1/two", "one\ntwo\n");
        folder.Write("up/s-1/gaps", "one\n\ntwo\n\n");
        folder.Write("up/s-1/dos", "one\r\ntwo\r\n");
        folder.Write("up/s-1/cut", "cut");
        folder.Write("up/s-1/with space", "x\n");
        folder.Write("up/s-1/run", "x\n");
        File.SetUnixFileMode(folder["up", "s-1", "run"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(folder["up", "s-1", "way"], "dir");
        File.CreateSymbolicLink(folder["up", "s-1", "link"], "a.c");
        folder.Write("debian/debian/changelog", Changelog);
        folder.Write("debian/debian/patches/series", "the.patch\n");
        folder.Write("debian/debian/patches/the.patch", Patches[name]);
        SourcePackage package = new(folder);
        package.Tar("s_1.orig.tar.gz", "up", "s-1");
        package.Tar("s_1-1.debian.tar.gz", "debian", "debian");
        package.Describe("3.0 (quilt)", "s", "1-1");
        string? judged = package.TryJudge("s", "1-1");
        await using LoadBed bed = new();
        (SyncReport report, LoadReport load) = await bed.VisitAsync(package.Serve(bed.Server, "s", "1-1"));
        string? ours = load.Failures.Count > 0 ? null : (await bed.TextAsync(await bed.TargetAsync(report.Snapshot, "releases/sid/main/1-1")))[5..45];
        Assert.True(judged == ours, $"dpkg-source: {judged ?? "refused"}; ours: {ours ?? load.Failures[0].Value}");
    }
}
