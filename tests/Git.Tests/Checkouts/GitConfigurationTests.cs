using System.Text;
using Actors.Git.Checkouts;
using Actors.TestKit;
using Actors.TestKit.Git;
using Xunit;

namespace Actors.Git.Tests.Checkouts;

/// <summary>Stock git reads the same from the same file, or refuses it too.</summary>
public sealed class GitConfigurationTests
{
    private static readonly string[] Pieces =
    [
        "[core]\n", "[core \"Sub \\\"x\\\"\"]\n", "[Core.Old]\n", "\tname = value\n", "name=\n", "name\n", "  name  ; why\n", "a-B = \"quoted # \" tail  # gone\n",
        "x = one \\\n  two\n", "x = a\\tb\\nc\\\\d\\\"e\n", "x = \"open\n", "x = bad\\q\n", "# comment\n", "\n", "1 = x\n", "[bad\n", "x = spaces   inside  \r\n", "x = \"  kept  \"\r\n", "\ufeff", "x", "[a] b = c\n",
    ];

    [Fact]
    public void Every_pair_of_pieces_is_read_as_git_reads_it()
    {
        GitCommand.Require(Assert.Skip);
        using TemporaryFolder folder = new();
        GitCommand git = new(folder.FullPath);
        Random random = new(3);
        for (int i = 0; i < 150; i++)
        {
            string text = "[core]\n" + string.Concat(Enumerable.Range(0, 3).Select(_ => Pieces[random.Next(Pieces.Length)]));
            text = i == 0 ? "\ufeff[core]\n\tname = bom\n" : text;
            File.WriteAllText(folder["config"], text, new UTF8Encoding(false));
            (int code, byte[] output, _) = git.Try([], "config", "--file", "config", "--null", "--list");
            string? theirs = code == 0 ? Encoding.UTF8.GetString(output) : null;
            string? ours = null;
            try
            {
                ours = string.Concat(GitConfiguration.Read(Encoding.UTF8.GetBytes(text)).Select(one => $"{one.Name}\n{one.Value}\0"));
            }
            catch (GitFormatException)
            {
                // As git, which fails then.
            }

            // git shows a name without a value without its line feed.
            Assert.True(Same(theirs, ours), $"{text}\ngit: {theirs}\nours: {ours}");
        }
    }

    private static bool Same(string? theirs, string? ours) =>
        theirs is null || ours is null
            ? theirs == ours
            : string.Concat(theirs.Split('\0')[..^1].Select(one => (one.Contains('\n', StringComparison.Ordinal) ? one : one + "\ntrue") + "\0")) == ours;
}
