using System.Text;
using Actors.Loaders.Archives;
using Actors.Loaders.Debian;
using Actors.Loaders.Objects;

namespace Actors.Fuzz.Targets;

/// <summary>The texts of Debian's source packages: descriptions, changelogs, patches and the series of them, applied to a small tree.</summary>
public sealed class DebianSourceTarget : IFuzzTarget
{
    public string Name => "debian-source";

    public IEnumerable<byte[]> Seeds =>
    [
        "Format: 3.0 (quilt)\nSource: p\nFiles:\n 0123 5 p.tar.gz\nChecksums-Sha256:\n 0123 5 p.tar.gz\n"u8.ToArray(),
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nFormat: 1.0\n"u8.ToArray(),
        "p (1-1) unstable; urgency=low\n\n  * A.\n\n -- Ann <a@b.example>  Sun, 19 Oct 2014 16:52:35 +0200\n"u8.ToArray(),
        "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n"u8.ToArray(),
        "--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n--- a/f\t2014-01-01\n+++ /dev/null\n@@ -1,5 +0,0 @@\n-1\n-2\n-3\n-4\n-5\n"u8.ToArray(),
        "diff --git a/f b/f\nnew mode 100755\n--- a/f\n+++ b/f\n@@ -4,2 +4,1 @@\n-4\n 5\n"u8.ToArray(),
        "one.patch\n# comment\ntwo.patch -p1 # more\n"u8.ToArray(),
    ];

    public IEnumerable<byte[]> Dictionary =>
    [
        "--- a/f\n+++ b/f\n"u8.ToArray(), "@@ -1 +1 @@\n"u8.ToArray(), "@@ -1,999999999 +1,999999999 @@\n"u8.ToArray(), "@@ -99999999999999999999,1 +1 @@\n"u8.ToArray(), "/dev/null"u8.ToArray(),
        "../"u8.ToArray(), "a/f"u8.ToArray(), "\\ No newline"u8.ToArray(), "\n -- "u8.ToArray(), " <a@b>  "u8.ToArray(), " +9999"u8.ToArray(), " 9999 24:61:61 "u8.ToArray(), "rename from "u8.ToArray(), "\r\n"u8.ToArray(), [0xe9],
    ];

    public int Iterations => 6_000;

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        _ = DebianControl.FormatOf(bytes);
        Refused(() => DebianControl.Fields(bytes));
        Refused(() => Changelog.Parse(bytes));
        Refused(() => Series(bytes));
        ForgetfulSink.Run(() => PatchAsync(bytes));
    }

    /// <summary>A patch, as Debian's diff and as one of quilt's.</summary>
    private static async Task PatchAsync(byte[] patch)
    {
        List<FilePatch> files = UnifiedDiff.Parse(patch);
        foreach (string? backup in (string?[])[null, ".pc/p"])
        {
            SourceTree source = new(new TreeDraft(), new ForgetfulSink());
            await source.WriteAsync("f", Encoding.ASCII.GetBytes("1\n2\n3\n4\n5\n"), executable: false, CancellationToken.None);
            await source.ApplyAsync(files, removesEmpty: true, backup, CancellationToken.None);
            _ = TreeBytes.Write(source.Tree.Root, static (_, _, _) => { });
        }
    }

    private static void Series(byte[] series)
    {
        UnpackTarget packaging = new(new ForgetfulSink());
        packaging.Keep("debian/patches/series", series);
        packaging.Keep("debian/patches/one.patch", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-1\n+one\n"u8.ToArray());
        packaging.Keep("debian/patches/two.patch", series);
        _ = QuiltSeries.Read(packaging);
    }

    /// <summary>The input is one of several kinds of text: what it is not is refused, and the others still tried.</summary>
    private static void Refused(Action parse)
    {
        try
        {
            parse();
        }
        catch (ArchiveException)
        {
            // As it should be.
        }
    }
}
