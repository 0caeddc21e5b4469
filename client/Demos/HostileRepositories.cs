using System.Globalization;

namespace Actors.Client.Demos;

/// <summary>Small repositories of the hostile demo's forges, and what their owners do to them. The same bytes for the same seed.</summary>
internal static class HostileRepositories
{
    private const int Files = 30;

    /// <summary>A repository with some history and a tag.</summary>
    public static async Task CreateAsync(string folder, int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await Git.RunAsync(folder, null, cancellationToken, "init", "-q", "--bare", "-b", "main", ".");
        await Git.RunAsync(folder, writer => WriteCommits(writer, seed, 25, null), cancellationToken, "fast-import", "--quiet");
        await Git.RunAsync(folder, null, cancellationToken, "tag", "-a", "v1", "-m", "Version 1", "main~2");
    }

    /// <summary>Another one that has it all, and more.</summary>
    public static async Task ForkAsync(string from, string to, int seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(to);
        await Git.RunAsync(to, null, cancellationToken, "init", "-q", "--bare", "-b", "main", ".");
        await Git.RunAsync(to, null, cancellationToken, "fetch", "-q", from, "+refs/*:refs/*");
        await PushAsync(to, seed, "main", cancellationToken);
    }

    /// <summary>More commits on the main branch, from a revision on: its tip, or one before it and so a force-push.</summary>
    public static async Task PushAsync(string folder, int seed, string from, CancellationToken cancellationToken)
    {
        string oid = (await Git.RunAsync(folder, null, cancellationToken, "rev-parse", from)).Trim();
        await Git.RunAsync(folder, writer => WriteCommits(writer, seed, 3, oid), cancellationToken, "fast-import", "--quiet", "--force");
    }

    /// <summary>Thousands of tags at once.</summary>
    public static async Task FloodAsync(string folder, int tags, CancellationToken cancellationToken)
    {
        string oid = (await Git.RunAsync(folder, null, cancellationToken, "rev-parse", "main")).Trim();
        await Git.RunAsync(
            folder,
            writer =>
            {
                for (int number = 0; number < tags; number++)
                {
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"create refs/tags/nightly-{number} {oid}"));
                }
            },
            cancellationToken, "update-ref", "--stdin");
    }

    /// <summary>Branches and tags as the default selection takes them, in order of name.</summary>
    public static async Task<SortedDictionary<string, string>> ReadRefsAsync(string folder, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> refs = new(StringComparer.Ordinal);
        foreach (string line in (await Git.RunAsync(folder, null, cancellationToken, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            refs[line.Split(' ')[0]] = line.Split(' ')[1];
        }

        return refs;
    }

    private static void WriteCommits(StreamWriter writer, int seed, int commits, string? from)
    {
        Random random = new(seed);
        for (int commit = 0; commit < commits; commit++)
        {
            DemoRepositories.BeginCommit(writer, "main", $"Change {commit}", 1_600_000_000 + (seed * 1000L) + (commit * 60L), commit == 0 ? from : null);
            for (int file = 0; file < (commit == 0 && from is null ? Files : 2); file++)
            {
                DemoRepositories.WriteFile(writer, $"src/file{random.Next(Files)}.txt", DemoRepositories.Words(random, 80));
            }
        }
    }
}
