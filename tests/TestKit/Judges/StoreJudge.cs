using System.Text;
using Actors.TestKit.Git;

namespace Actors.TestKit.Judges;

/// <summary>
/// Lets stock git judge an object folder of ours: it reads it as any repository would, through <c>objects/info/alternates</c>
/// of a scratch repository that has no object of its own. Failures are a <see cref="JudgementException"/> with git's words.
/// </summary>
/// <param name="objects">The store's git object directory: packs lie in its <c>pack</c>.</param>
/// <param name="scratch">A folder for the scratch repositories: each judgement makes one.</param>
public sealed class StoreJudge(string objects, string scratch)
{
    private int _repositories;

    /// <summary>
    /// The store holds all that the source's refs reach, byte for byte: the same list from <c>rev-list --objects --all</c>, the
    /// same type and size of each, every object hashing to its id, and <c>fsck --full --strict</c> with no complaint about them
    /// that the source does not get too. What the store has from elsewhere may be odd in its own way.
    /// </summary>
    public void AssertHolds(GitFixture source) => AssertHolds(source, source.Refs);

    /// <summary>As above, for some of the source's refs or for refs that it had earlier.</summary>
    public void AssertHolds(GitFixture source, IReadOnlyList<(string Name, string Oid)> refs)
    {
        GitCommand view = View(refs);
        string reached = Reached(source.Git, refs);
        Same("rev-list --objects", reached, Reached(view, refs));
        Same("type and size of each object", Described(source.Git, refs), Described(view, refs));
        AssertSound(view, Complaints(source.Git), [.. reached.Split('\n')]);
    }

    /// <summary>Everything that anything in the store refers to is in the store (gitlinks excepted), and each object hashes to its id.</summary>
    public void AssertClosed()
    {
        GitCommand view = View([]);
        string[] all = view.Lines("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)");
        (int exitCode, _, string complaint) = view.Try(Encoding.ASCII.GetBytes(string.Join('\n', all) + '\n'), "rev-list", "--objects", "--stdin", "--count");
        if (all.Length > 0 && exitCode != 0)
        {
            throw new JudgementException($"The store of {all.Length} objects is not closed: {complaint}");
        }

        foreach (string index in Directory.EnumerateFiles(Path.Combine(objects, "pack"), "*.idx"))
        {
            (int verified, _, string why) = view.Try([], "verify-pack", index);
            if (verified != 0)
            {
                throw new JudgementException($"{index} is damaged: {why}");
            }
        }
    }

    /// <summary>Every object of the store, in order.</summary>
    public IReadOnlyList<string> ListObjects() =>
        [.. View([]).Lines("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").Distinct()];

    /// <summary>git in a new bare repository that has these refs and reads its objects from the store.</summary>
    public GitCommand View(IReadOnlyList<(string Name, string Oid)> refs)
    {
        GitCommand git = new(Path.Combine(scratch, $"view{++_repositories}.git"));
        git.Run("init", "-q", "--bare", ".");
        File.WriteAllText(Path.Combine(git.Folder, "objects", "info", "alternates"), Path.GetFullPath(objects) + "\n");
        IEnumerable<string> lines = refs.Where(r => r.Name != "HEAD").OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => $"{r.Oid} {r.Name}\n");
        File.WriteAllText(Path.Combine(git.Folder, "packed-refs"), string.Concat(lines));
        return git;
    }

    /// <summary>Two repositories show the same refs, HEAD and peeled tags included, and reach the same objects.</summary>
    public static void AssertSame(GitCommand expected, GitCommand actual)
    {
        Same("refs", expected.Run("ls-remote", "."), actual.Run("ls-remote", "."));
        Same("rev-list --objects --all", Sorted(expected.Lines("rev-list", "--objects", "--all")), Sorted(actual.Lines("rev-list", "--objects", "--all")));
        AssertSound(actual, Complaints(expected), null);
    }

    private static void AssertSound(GitCommand git, HashSet<string> allowed, HashSet<string>? about)
    {
        string[] further = [.. Complaints(git).Where(line => !allowed.Contains(line) && (about is null || !IsOddityOfOthers(line, about)))];
        if (further.Length > 0)
        {
            throw new JudgementException($"git fsck --full --strict complains of what the source does not have:\n{string.Join('\n', further.Take(20))}");
        }
    }

    /// <summary>What fsck finds wrong; what it finds idle (dangling objects, an unborn branch) is left out.</summary>
    private static HashSet<string> Complaints(GitCommand git)
    {
        (_, byte[] output, string complaint) = git.Try([], "fsck", "--full", "--strict", "--no-dangling", "--no-progress");
        string text = Encoding.UTF8.GetString(output) + "\n" + complaint;
        return [.. text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("notice:", StringComparison.Ordinal))];
    }

    /// <summary><c>error in tree OID: …</c> or <c>warning in …</c>, of an object that is not judged. A missing or damaged one is never let pass.</summary>
    private static bool IsOddityOfOthers(string line, HashSet<string> about) =>
        line.Split(' ') is ["error" or "warning", "in", "commit" or "tree" or "tag" or "blob", { } oid, ..] && !about.Contains(oid.TrimEnd(':'));

    private static string Reached(GitCommand git, IReadOnlyList<(string Name, string Oid)> refs) =>
        Sorted(git.RunWith(Tips(refs), "rev-list", "--objects", "--no-object-names", "--stdin").Split('\n'));

    private static string Described(GitCommand git, IReadOnlyList<(string Name, string Oid)> refs) =>
        git.RunWith(Reached(git, refs), "cat-file", "--batch-check");

    private static string Tips(IReadOnlyList<(string Name, string Oid)> refs) => string.Concat(refs.Select(r => r.Oid).Distinct().Select(oid => oid + "\n"));

    private static string Sorted(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal)) + "\n";

    private static void Same(string what, string expected, string actual)
    {
        if (expected == actual)
        {
            return;
        }

        HashSet<string> right = [.. expected.Split('\n')];
        HashSet<string> found = [.. actual.Split('\n')];
        throw new JudgementException(
            $"{what} differs.\nLacking: {string.Join(' ', right.Except(found).Take(10))}\nToo many: {string.Join(' ', found.Except(right).Take(10))}");
    }
}
