using System.Globalization;
using System.Text;

namespace Actors.Client.Demos;

/// <summary>
/// The repositories of the demo's forge: a library with some history, two forks of it, an application that holds a vendored
/// copy of it, a tool of its own, an empty repository. The same bytes on every machine.
/// </summary>
internal sealed class DemoRepositories(string folder)
{
    private const int LibraryCommits = 1500;
    private const int LibraryFiles = 120;

    /// <summary>Paths below the forge's root, in the order of the list.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        ["library.git", "alice/library.git", "bob/library.git", "shop/application.git", "tools/cli.git", "new/empty.git"];

    /// <summary>Makes all repositories.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await HistoryAsync("library.git", seed: 1, LibraryCommits, LibraryFiles, cancellationToken);
        await ForkAsync("library.git", "alice/library.git", cancellationToken);
        await CommitAsync("alice/library.git", "main", 5, "alice", "main", cancellationToken);
        await ForkAsync("library.git", "bob/library.git", cancellationToken);
        await CommitAsync("bob/library.git", "main~40", 3, "bob", "old-fix", cancellationToken);
        await VendorAsync("library.git", "shop/application.git", cancellationToken);
        await HistoryAsync("tools/cli.git", seed: 2, commits: 200, files: 20, cancellationToken);
        await InitAsync("new/empty.git", cancellationToken);
    }

    /// <summary>A week of upstream work: commits, a tag, a force-push, a deleted branch, the first commit of the empty repository.</summary>
    public async Task ChangeAsync(CancellationToken cancellationToken)
    {
        await CommitAsync("library.git", "main", 20, "upstream", "main", cancellationToken);
        await Git.RunAsync(At("library.git"), null, cancellationToken, "tag", "-a", "v2", "-m", "Version 2", "main");
        await Git.RunAsync(At("alice/library.git"), null, cancellationToken, "fetch", "-q", At("library.git"), "+main:main");
        await Git.RunAsync(At("bob/library.git"), null, cancellationToken, "branch", "-D", "old-fix");
        await CommitAsync("tools/cli.git", "main~10", 2, "rewrite", "main", cancellationToken);
        await CommitAsync("new/empty.git", null, 1, "first", "main", cancellationToken);
    }

    private string At(string path) => Path.Combine(folder, path);

    private async Task InitAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(At(path));
        await Git.RunAsync(At(path), null, cancellationToken, "init", "-q", "--bare", "-b", "main", ".");
    }

    private async Task ForkAsync(string from, string to, CancellationToken cancellationToken)
    {
        await InitAsync(to, cancellationToken);
        await Git.RunAsync(At(to), null, cancellationToken, "fetch", "-q", At(from), "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*");
    }

    /// <summary>A linear history in which each commit changes a few files.</summary>
    private async Task HistoryAsync(string path, int seed, int commits, int files, CancellationToken cancellationToken)
    {
        await InitAsync(path, cancellationToken);
        await Git.RunAsync(At(path), writer => WriteHistory(writer, seed, commits, files), cancellationToken, "fast-import", "--quiet");
        await Git.RunAsync(At(path), null, cancellationToken, "tag", "-a", "v1", "-m", "Version 1", "main~5");
        await Git.RunAsync(At(path), null, cancellationToken, "repack", "-adfq");
    }

    private static void WriteHistory(StreamWriter writer, int seed, int commits, int files)
    {
        Random random = new(seed);
        string[] texts = [.. Enumerable.Range(0, files).Select(_ => Words(random, 400))];
        for (int commit = 0; commit < commits; commit++)
        {
            BeginCommit(writer, "main", $"Change {commit}", 1_600_000_000 + (commit * 3600L));
            int from = commit == 0 ? 0 : random.Next(files);
            int count = commit == 0 ? files : 1 + random.Next(3);
            for (int i = from; i < Math.Min(files, from + count); i++)
            {
                texts[i] += Words(random, 12);
                WriteFile(writer, string.Create(CultureInfo.InvariantCulture, $"src/part{i % 10}/file{i}.txt"), texts[i]);
            }
        }
    }

    private async Task CommitAsync(string path, string? start, int commits, string who, string branch, CancellationToken cancellationToken)
    {
        string? oid = start is null ? null : (await Git.RunAsync(At(path), null, cancellationToken, "rev-parse", start)).Trim();
        await Git.RunAsync(At(path), writer =>
        {
            Random random = new(who.Length);
            for (int i = 0; i < commits; i++)
            {
                BeginCommit(writer, branch, $"{who} {i}", 1_700_000_000 + (i * 60L), i == 0 ? oid : null);
                WriteFile(writer, $"src/part{i % 10}/{who}.txt", Words(random, 60));
            }
        }, cancellationToken, "fast-import", "--quiet", "--force");
    }

    /// <summary>Somebody's application: one commit of its own, and the library's files copied in without their history.</summary>
    private async Task VendorAsync(string from, string to, CancellationToken cancellationToken)
    {
        await HistoryAsync(to, seed: 3, commits: 30, files: 10, cancellationToken);
        await Git.RunAsync(At(to), null, cancellationToken, "fetch", "-q", At(from), "main:vendored");
        string tree = (await Git.RunAsync(At(to), null, cancellationToken, "rev-parse", "vendored^{tree}")).Trim();
        string tip = (await Git.RunAsync(At(to), null, cancellationToken, "rev-parse", "main")).Trim();
        await Git.RunAsync(At(to), writer =>
        {
            BeginCommit(writer, "main", "Vendor the library", 1_690_000_000, tip);
            writer.WriteLine($"M 040000 {tree} third-party/library");
            writer.WriteLine();
        }, cancellationToken, "fast-import", "--quiet");
        await Git.RunAsync(At(to), null, cancellationToken, "branch", "-D", "vendored");
        await Git.RunAsync(At(to), null, cancellationToken, "gc", "-q", "--prune=now");
    }

    internal static void BeginCommit(StreamWriter writer, string branch, string message, long time, string? from = null)
    {
        writer.WriteLine($"commit refs/heads/{branch}");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"committer A Demo <demo@example.org> {time} +0000"));
        WriteData(writer, message);
        if (from is not null)
        {
            writer.WriteLine($"from {from}");
        }
    }

    internal static void WriteFile(StreamWriter writer, string name, string text)
    {
        writer.WriteLine($"M 100644 inline {name}");
        WriteData(writer, text);
    }

    private static void WriteData(StreamWriter writer, string text)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"data {text.Length}"));
        writer.WriteLine(text);
    }

    /// <summary>ASCII text that compresses like text.</summary>
    internal static string Words(Random random, int count)
    {
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            text.Append((char)('a' + random.Next(26))).Append((char)('a' + random.Next(26))).Append(random.Next(1000)).Append(i % 10 == 9 ? '\n' : ' ');
        }

        return text.ToString();
    }
}
