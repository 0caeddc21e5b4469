using System.Text;
using Actors.Git.Checkouts;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Checkouts;

public sealed class WildmatchTests
{
    [Theory]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "a/b.txt", false)]
    [InlineData("a/*.txt", "a/b.txt", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("**/c", "a/b/c", true)]
    [InlineData("**/c", "c", true)]
    [InlineData("a/**/c", "a/c", true)]
    [InlineData("a/**/c", "a/b/x/c", true)]
    [InlineData("a**c", "a/c", false)]
    [InlineData("?", "/", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[^]]x", "ax", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[[:digit:]]", "7", true)]
    [InlineData("[[:alpha:]_-]", "-", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("[", "[", false)]
    [InlineData("a*b*c*d", "abcabcabcd", true)]
    public void Patterns_match_as_gits_do(string pattern, string path, bool matches) =>
        Assert.Equal(matches, Wildmatch.Matches(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(path)));

    [Fact]
    public void A_hostile_pattern_costs_no_more_than_its_length_times_the_paths()
    {
        byte[] pattern = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("*a", 500)) + "b");
        Assert.False(Wildmatch.Matches(pattern, Encoding.UTF8.GetBytes(new string('a', 4000))));
    }

    [Fact]
    public void Random_patterns_and_paths_agree_with_git()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        GitCommand git = new(folder.FullPath);
        git.Run("init", "-q");
        Random random = new(7);
        string Word(string alphabet, int length) => new([.. Enumerable.Range(0, 1 + random.Next(length)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
        for (int round = 0; round < 60; round++)
        {
            // With a slash inside, the pattern is matched against the whole path.
            string pattern = "a/" + Word("ab*?/[]!-\\", 8);
            string[] paths = [.. Enumerable.Range(0, 40).Select(_ => "a/" + Word("ab/-", 6)).Where(path => !path.EndsWith('/') && !path.Contains("//", StringComparison.Ordinal)).Distinct()];
            File.WriteAllText(folder[".gitattributes"], $"{pattern} found\n");
            HashSet<string> told = [.. git.RunWith(string.Join('\n', paths) + "\n", "check-attr", "--stdin", "found").Split('\n').Where(line => line.EndsWith(": found: set", StringComparison.Ordinal)).Select(line => line.Split(": ")[0])];
            AttributeRules rules = new();
            rules.Add([], Encoding.UTF8.GetBytes($"{pattern} ident\n"));
            foreach (string path in paths)
            {
                Assert.True(told.Contains(path) == rules.Find(Encoding.UTF8.GetBytes(path)).Ident, $"{pattern} {path}: git says {told.Contains(path)}");
            }
        }
    }
}
