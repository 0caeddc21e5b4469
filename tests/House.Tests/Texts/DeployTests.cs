using System.Text.RegularExpressions;
using Xunit;

namespace Actors.House.Tests.Texts;

/// <summary>What <c>deploy/</c> sets, asks and watches exists in the program.</summary>
public sealed partial class DeployTests
{
    /// <summary>Variables of the scripts' own.</summary>
    private static readonly HashSet<string> OwnVariables = ["ACTORS_SILO", "ACTORS_PORTS", "ACTORS_LOCAL_CLUSTER"];

    private static readonly string[] Settings =
        [.. SettingName().Matches(Checkout.Read("silo/Settings/SiloSettings.Table.cs")).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> Files => Checkout.Files.Where(f => f.StartsWith("deploy/", StringComparison.Ordinal));

    private static string Sources => string.Join('\n', Checkout.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !f.StartsWith("tests/", StringComparison.Ordinal)).Select(Checkout.Read));

    [Fact]
    public void Every_variable_is_a_setting_of_the_silo_or_the_client()
    {
        HashSet<string> known = [.. OwnVariables, .. Settings.Select(name => "ACTORS_" + Split(name, '_').ToUpperInvariant()), .. Variable().Matches(Sources).Select(match => match.Value)];
        AssertAllKnown(Files, Variable(), known, "A file of deploy/ names a variable that the program does not read.");
    }

    [Fact]
    public void Every_option_of_the_silo_exists()
    {
        HashSet<string> known = [.. Settings.Select(name => "--" + Split(name, '-')), "--help"];
        Violations found = new("A file of deploy/ names an option that silo does not have.");
        foreach ((string file, int line, string text) in Files.SelectMany(Lines))
        {
            foreach (Match command in SiloCommandLine().Matches(text).Concat(file.EndsWith("alerts.yml", StringComparison.Ordinal) ? OptionsOfText().Matches(text) : []))
            {
                foreach (Match option in Option().Matches(command.Value).Where(option => !known.Contains(option.Value)))
                {
                    found.Add(file, line, option.Value);
                }
            }
        }

        found.AssertNone();
    }

    [Fact]
    public void Every_metric_that_is_watched_is_told() => AssertAllKnown(
        Files, Metric(), [.. MetricText().Matches(Sources).Select(match => match.Groups[1].Value)], "A file of deploy/ names a metric that the program does not tell.");

    [Fact]
    public void The_program_s_settings_and_metrics_are_found_at_all()
    {
        Assert.Contains("siloPort", Settings);
        Assert.Contains("actors_silos", MetricText().Matches(Sources).Select(match => match.Groups[1].Value));
        Assert.NotEmpty(Files.SelectMany(Lines).SelectMany(line => Variable().Matches(line.Text)));
    }

    private static void AssertAllKnown(IEnumerable<string> files, Regex word, HashSet<string> known, string rule)
    {
        Violations found = new(rule);
        foreach ((string file, int line, string text) in files.SelectMany(Lines))
        {
            foreach (Match match in word.Matches(text).Where(match => !known.Contains(match.Value)))
            {
                found.Add(file, line, match.Value);
            }
        }

        found.AssertNone();
    }

    private static IEnumerable<(string File, int Line, string Text)> Lines(string file) =>
        Checkout.Read(file).Split('\n').Select((text, at) => (file, at + 1, text));

    private static string Split(string name, char between) => string.Concat(name.Select(c => char.IsUpper(c) ? $"{between}{char.ToLowerInvariant(c)}" : $"{c}"));

    [GeneratedRegex("^        new\\(\"([a-zA-Z]+)\",", RegexOptions.Multiline)]
    private static partial Regex SettingName();

    [GeneratedRegex(@"\bACTORS_[A-Z][A-Z_]*[A-Z]\b")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?:\bsilo (?:run|migrate)\b|\bsilo (?=--))[^|`#]*")]
    private static partial Regex SiloCommandLine();

    [GeneratedRegex(@".*(?:summary|action):.*")]
    private static partial Regex OptionsOfText();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*[a-z]")]
    private static partial Regex Option();

    /// <summary>Prometheus' own and .NET's families are told under the names that every client uses.</summary>
    [GeneratedRegex(@"\b(?:actors|dotnet|process)_[a-z][a-z_]*[a-z]\b")]
    private static partial Regex Metric();

    [GeneratedRegex("\"((?:actors|dotnet|process)_[a-z_]+)\"")]
    private static partial Regex MetricText();
}
