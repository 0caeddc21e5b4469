using System.Text.RegularExpressions;
using Xunit;

namespace Actors.House.Tests.Texts;

public sealed partial class TreeTests
{
    private static readonly HashSet<string> TopLevel =
    [
        "src", "tests", "silo", "client", "deploy", "Actors.sln", "README.md", ".ci", ".editorconfig", ".gitattributes", ".gitignore",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "Embedded.slnf",
    ];

    private static readonly string[] TextEndings =
        [".cs", ".md", ".sh", ".props", ".targets", ".csproj", ".sln", ".slnf", ".json", ".txt", ".yml", ".yaml", ".editorconfig", ".gitignore"];

    [Fact]
    public void The_top_level_holds_what_the_map_says_and_nothing_else() =>
        Assert.Empty(Checkout.Files.Select(file => file.Split('/')[0]).Distinct().Except(TopLevel));

    [Fact]
    public void No_file_names_a_path_of_somebody_s_machine()
    {
        Violations found = new("No absolute path of one machine stands in the tree.");
        foreach (string file in Checkout.Files.Where(f => TextEndings.Contains(Path.GetExtension(f)) || f == ".ci/run"))
        {
            string[] lines = Checkout.Read(file).Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                if (MachinePath().Match(lines[i]) is { Success: true } match)
                {
                    found.Add(file, i + 1, match.Value);
                }
            }
        }

        found.AssertNone();
    }

    /// <summary>Home folders, and a working folder at the root.</summary>
    [GeneratedRegex(@"(?<![\w.:])/(?:root|home/\w+|Users/\w+|work)/\w+|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
