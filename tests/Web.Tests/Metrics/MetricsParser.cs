using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Actors.Web.Tests.Metrics;

/// <summary>Reads Prometheus' text format ("Text-based format", version 0.0.4) strictly: what a scraper would only tolerate is an error here.</summary>
internal sealed partial class MetricsParser
{
    private readonly Dictionary<string, (string Type, string Help)> _families = [];

    private MetricsParser()
    {
    }

    public IReadOnlyDictionary<string, (string Type, string Help)> Families => _families;

    /// <summary>By name and labels as written in order: <c>name{a="b"}</c>.</summary>
    public Dictionary<string, double> Samples { get; } = [];

    public static MetricsParser Parse(string text)
    {
        MetricsParser parser = new();
        string family = "";
        Assert(text.EndsWith('\n'), "the last line has no line feed");
        string? help = null;
        foreach (string line in text.Split('\n')[..^1])
        {
            if (Help().Match(line) is { Success: true } helped)
            {
                Assert(help is null, $"two HELP: {line}");
                (family, help) = (helped.Groups[1].Value, helped.Groups[2].Value);
            }
            else if (Type().Match(line) is { Success: true } typed)
            {
                Assert(help is not null && typed.Groups[1].Value == family, $"TYPE without its HELP: {line}");
                Assert(parser._families.TryAdd(family, (typed.Groups[2].Value, Unescape(help!, quotes: false))), $"a family twice: {line}");
                Assert(family.EndsWith("_total", StringComparison.Ordinal) == (typed.Groups[2].Value == "counter"), $"a counter's name ends in _total: {line}");
                help = null;
            }
            else
            {
                Match sample = Sample().Match(line);
                Assert(sample.Success, $"no sample: {line}");
                Assert(help is null && sample.Groups["name"].Value == family, $"a sample outside of its family: {line}");
                string labels = string.Join(',', sample.Groups["label"].Captures.Select((c, i) => $"{c.Value}={Unescape(sample.Groups["value"].Captures[i].Value, quotes: true)}"));
                Assert(parser.Samples.TryAdd($"{family}{{{labels}}}", Number(sample.Groups["number"].Value)), $"a sample twice: {line}");
            }
        }

        return parser;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string text, bool quotes)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            Assert(i < text.Length && (text[i] is '\\' or 'n' || (quotes && text[i] == '"')), $"an unknown escape: {text}");
            plain.Append(text[i] == 'n' ? '\n' : text[i]);
        }

        return plain.ToString();
    }

    private static void Assert(bool holds, string otherwise) => Xunit.Assert.True(holds, otherwise);

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)"(,(?!\})|(?=\})))+\})? (?<number>[^ ]+)$""")]
    private static partial Regex Sample();
}
