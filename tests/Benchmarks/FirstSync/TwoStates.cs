using System.Diagnostics;

namespace Actors.Benchmarks.FirstSync;

/// <summary>
/// A real repository behind a server in two states: as its branches and tags are, and as they were so many commits before the
/// tip of the default branch. Objects are borrowed, not copied, so the server sends the packs as they lie.
/// </summary>
internal sealed class TwoStates
{
    private readonly string _served;
    private readonly IReadOnlyList<string> _earlier;
    private readonly IReadOnlyList<string> _later;

    private TwoStates(string served, IReadOnlyList<string> earlier, IReadOnlyList<string> later, long objects) =>
        (_served, _earlier, _later, Objects) = (served, earlier, later, objects);

    /// <summary>Objects of the later state.</summary>
    public long Objects { get; }

    public static async Task<TwoStates> CreateAsync(string repository, string served, int updateCommits)
    {
        Directory.CreateDirectory(served);
        await GitAsync(served, null, "init", "-q", "--bare", ".");
        await File.WriteAllTextAsync(Path.Combine(served, "objects", "info", "alternates"), Path.Combine(Path.GetFullPath(repository), "objects") + "\n");
        string head = (await GitAsync(repository, null, "symbolic-ref", "HEAD")).Trim();
        await GitAsync(served, null, "symbolic-ref", "HEAD", head);
        string tip = (await GitAsync(repository, null, "rev-parse", head)).Trim();
        string before = (await GitAsync(repository, null, "rev-parse", $"{tip}~{updateCommits}")).Trim();
        string[] later = Lines(await GitAsync(repository, null, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"));
        HashSet<string> merged = [.. Lines(await GitAsync(repository, null, "for-each-ref", "--format=%(refname)", $"--merged={before}", "refs/heads", "refs/tags"))];
        string[] earlier = [.. later.Where(l => merged.Contains(l.Split(' ')[1])), $"{before} {head}"];
        string[] objects = Lines(await GitAsync(
            served, string.Join('\n', later.Select(l => l.Split(' ')[0])), "rev-list", "--objects", "--no-object-names", "--stdin"));
        return new TwoStates(served, [.. earlier.Where(l => l != $"{tip} {head}")], later, objects.Length);
    }

    public Task ServeEarlierAsync() => ServeAsync(_earlier);

    public Task ServeLaterAsync() => ServeAsync(_later);

    /// <summary>Stock git must find in the store exactly what the later state reaches.</summary>
    public async Task JudgeAsync(string store)
    {
        string judge = Path.Combine(Path.GetDirectoryName(_served)!, "judge");
        Directory.CreateDirectory(judge);
        await GitAsync(judge, null, "init", "-q", "--bare", ".");
        await File.WriteAllTextAsync(Path.Combine(judge, "objects", "info", "alternates"), Path.Combine(store, "objects") + "\n");
        string tips = string.Join('\n', _later.Select(l => l.Split(' ')[0]));
        string found = await GitAsync(judge, tips, "rev-list", "--objects", "--no-object-names", "--stdin");
        Directory.Delete(judge, recursive: true);
        if (Lines(found).Length != Objects)
        {
            throw new InvalidOperationException($"The store has {Lines(found).Length} of {Objects} objects of {_served}.");
        }
    }

    private async Task ServeAsync(IReadOnlyList<string> refs)
    {
        await File.WriteAllLinesAsync(
            Path.Combine(_served, "packed-refs"),
            refs.OrderBy(l => l[41..], StringComparer.Ordinal).Prepend("# pack-refs with: sorted "));
        await GitAsync(_served, null, "pack-refs", "--all");
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> GitAsync(string folder, string? input, params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using Process git = Process.Start(start)!;
        Task<string> output = git.StandardOutput.ReadToEndAsync();
        await git.StandardInput.WriteAsync(input);
        git.StandardInput.Close();
        await git.WaitForExitAsync();
        return git.ExitCode == 0 ? await output : throw new InvalidOperationException($"git {string.Join(' ', arguments)} in {folder} ended with {git.ExitCode}.");
    }
}
