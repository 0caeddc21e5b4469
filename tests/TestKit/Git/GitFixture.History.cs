using System.Globalization;
using System.Text;

namespace Actors.TestKit.Git;

public sealed partial class GitFixture
{
    private const int LinesPerFile = 30;

    /// <summary>
    /// Commits on top of a branch, which is made where it is missing: the first commit of a branch writes all files, each
    /// further one changes two of them by a few lines, as people do. Written by one <c>git fast-import</c>: 10,000 commits take about a second.
    /// </summary>
    /// <param name="commits">How many.</param>
    /// <param name="files">Files in the tree, spread over a few folders.</param>
    /// <param name="branch">Short or full name.</param>
    public GitFixture AddHistory(int commits, int files = 10, string branch = "main")
    {
        string name = FullName(branch);
        bool exists = Git.Try([], "rev-parse", "--verify", "-q", name).ExitCode == 0;
        int first = exists ? int.Parse(Git.Run("rev-list", "--count", name), CultureInfo.InvariantCulture) : 0;
        StringBuilder stream = new();
        for (int number = first; number < first + commits; number++)
        {
            BeginCommit(stream, name, $"change {number} of seed {Seed}", exists && number == first ? [name] : []);
            foreach (int file in number == 0 ? Enumerable.Range(0, files) : [number % files, (number * 7 + 3) % files])
            {
                AppendFile(stream, "100644", PathOf(file), TextOf(file, number));
            }

            stream.Append('\n');
        }

        return Import(stream);
    }

    /// <summary>One commit on top of a branch, which is made where it is missing.</summary>
    /// <param name="branch">Short or full name.</param>
    /// <param name="message">The whole message.</param>
    /// <param name="files">Path and text of each file to write.</param>
    public GitFixture AddCommit(string branch, string message, params (string Path, string Text)[] files) =>
        AddEntries(branch, message, [.. files.Select(file => ("100644", file.Path, file.Text))]);

    /// <summary>One commit with entries of any mode: <c>100755</c>, <c>120000</c> (text is the target), <c>160000</c> (text is the commit's oid).</summary>
    public GitFixture AddEntries(string branch, string message, params (string Mode, string Path, string Text)[] entries)
    {
        string name = FullName(branch);
        bool exists = Git.Try([], "rev-parse", "--verify", "-q", name).ExitCode == 0;
        StringBuilder stream = new();
        BeginCommit(stream, name, message, exists ? [name] : []);
        foreach ((string mode, string path, string text) in entries)
        {
            if (mode == "160000")
            {
                stream.Append(CultureInfo.InvariantCulture, $"M 160000 {text} {path}\n");
            }
            else
            {
                AppendFile(stream, mode, path, text);
            }
        }

        return Import(stream);
    }

    /// <summary>A merge: the tree of <paramref name="branch"/> with one file more, and all the named branches as parents after it.</summary>
    public GitFixture AddMerge(string branch, params string[] others)
    {
        string name = FullName(branch);
        StringBuilder stream = new();
        BeginCommit(stream, name, $"merge {string.Join(", ", others)}", [name, .. others.Select(FullName)]);
        AppendFile(stream, "100644", $"merges/{string.Join('-', others.Select(o => o.Replace('/', '_')))}", $"merged at {Git.Date}\n");
        return Import(stream);
    }

    /// <summary>A submodule, a symbolic link, an executable file, a folder in a folder, an empty file, and names of other bytes than ASCII: in one commit.</summary>
    public GitFixture AddUnusualEntries(string branch = "main") => AddEntries(
        branch,
        "unusual entries",
        ("160000", "modules/other", NowhereOid(Git)),
        ("120000", "link", "folder/deep/er/file"),
        ("100755", "run.sh", "#!/bin/sh\n"),
        ("100644", "folder/deep/er/file", "deep\n"),
        ("100644", "empty", ""),
        ("100644", "straße/naïve 文件.txt", "names are bytes\n"));

    /// <summary>A commit oid that is nowhere, of the repository's length.</summary>
    private static string NowhereOid(GitCommand git) =>
        string.Concat(Enumerable.Repeat("1234567890", 7))[..(git.Run("rev-parse", "--show-object-format") == "sha256" ? 64 : 40)];

    private static string PathOf(int file) => string.Create(CultureInfo.InvariantCulture, $"src/part{file % 4}/sub{file % 3}/file{file}.txt");

    /// <summary>The text of a file as the commit of that number writes it: each commit has another line changed, in every file.</summary>
    private string TextOf(int file, int number)
    {
        StringBuilder text = new();
        for (int line = 0; line < LinesPerFile; line++)
        {
            int changed = Math.Max(0, number - ((((number - line) % LinesPerFile) + LinesPerFile) % LinesPerFile));
            uint word = unchecked((uint)((((Seed * 31) + file) * 1_000_003) + (line * 7919) + changed) * 2654435761u);
            text.Append(CultureInfo.InvariantCulture, $"line {line} of file {file}: {word:x8} since change {changed}\n");
        }

        return text.ToString();
    }

    private static void AppendFile(StringBuilder stream, string mode, string path, string text) =>
        stream.Append(CultureInfo.InvariantCulture, $"M {mode} inline \"{path}\"\ndata {Encoding.UTF8.GetByteCount(text)}\n{text}\n");

    /// <summary>git-fast-import, "commit". Without parents the branch's own tip in this stream is the parent.</summary>
    private void BeginCommit(StringBuilder stream, string name, string message, string[] parents)
    {
        string who = string.Create(CultureInfo.InvariantCulture, $"Ada Example <ada@example.org> {Git.Date} {Git.TimeZone}");
        stream.Append(CultureInfo.InvariantCulture, $"commit {name}\nauthor {who}\ncommitter {who}\ndata {Encoding.UTF8.GetByteCount(message) + 1}\n{message}\n\n");
        for (int i = 0; i < parents.Length; i++)
        {
            stream.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "from" : "merge")} {parents[i]}^0\n");
        }

        Git.Date += 60;
    }

    private GitFixture Import(StringBuilder stream)
    {
        Git.RunWith(stream.ToString(), "fast-import", "--quiet", "--date-format=raw");
        return this;
    }
}
