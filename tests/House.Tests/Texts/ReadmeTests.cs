using System.Text.RegularExpressions;
using Actors.TestKit;
using Xunit;

namespace Actors.House.Tests.Texts;

/// <summary>Pages name only what exists: when the code moves, they move in the same commit.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] PathEndings = [".cs", ".md", ".sh", ".props", ".targets", ".csproj", ".sln", ".slnf"];

    private static IEnumerable<string> Pages => Checkout.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal));

    [Fact]
    public void Pages_name_only_files_that_exist()
    {
        Violations found = new("A page names a file or folder that is not in the tree.");
        foreach ((string page, int line, string word) in Words())
        {
            string path = word.TrimEnd('/');
            bool claim = path.Contains('/', StringComparison.Ordinal)
                ? Directory.Exists(SourceTree.PathOf(path.Split('/')[0])) || Directory.Exists(SourceTree.PathOf(Path.GetDirectoryName(page)!, path.Split('/')[0]))
                : PathEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal));
            if (claim && !Placeholder().IsMatch(path) && !Exists(page, path))
            {
                found.Add(page, line, word);
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void Pages_name_only_types_that_exist()
    {
        string sources = string.Join('\n', Checkout.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith("proj", StringComparison.Ordinal) || f.EndsWith("props", StringComparison.Ordinal)).Select(Checkout.Read));
        HashSet<string> known = [.. Identifier().Matches(sources).Select(match => match.Value)];
        Violations found = new("A page names a type or member that is nowhere in the sources.");
        foreach ((string page, int line, string word) in Words().Where(w => TypeLike().IsMatch(w.Word)))
        {
            if (word.Split('.').Any(part => !known.Contains(part)))
            {
                found.Add(page, line, word);
            }
        }

        found.AssertNone();
    }

    /// <summary>Everything in back-quotes, and the targets of links into the tree.</summary>
    private static IEnumerable<(string Page, int Line, string Word)> Words()
    {
        foreach (string page in Pages)
        {
            string[] lines = Checkout.Read(page).Split('\n');
            bool block = false;
            for (int i = 0; i < lines.Length; i++)
            {
                block ^= lines[i].StartsWith("```", StringComparison.Ordinal);
                foreach (Match match in block ? [] : Quoted().Matches(lines[i]).Concat(Link().Matches(lines[i])))
                {
                    yield return (page, i + 1, match.Groups[1].Value);
                }
            }
        }
    }

    private static bool Exists(string page, string path)
    {
        string beside = Path.GetDirectoryName(page)!;
        return File.Exists(SourceTree.PathOf(beside, path + ".cs")) || Path.Exists(SourceTree.PathOf(path)) || Path.Exists(SourceTree.PathOf(beside, path)) || Path.Exists(SourceTree.PathOf("src", path))
            || (!path.Contains('/', StringComparison.Ordinal) && Checkout.Files.Any(file => Path.GetFileName(file) == path));
    }

    [GeneratedRegex("`([^`\\s]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\(([^)#:\s]+)\)")]
    private static partial Regex Link();

    /// <summary>A word in capitals, a pattern, or something left out stands for other words; what a build makes is not in the tree.</summary>
    [GeneratedRegex(@"[*<>…{}$~:=]|\.\.\.|(^|/)(X|[A-Z]{2,})([./-]|$)|(^|/)(bin|obj)(/|$)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^[A-Z][a-z0-9]+[A-Z]\w*(\.[A-Z]\w+)*$")]
    private static partial Regex TypeLike();

    [GeneratedRegex(@"[A-Za-z_]\w+")]
    private static partial Regex Identifier();
}
