using System.Text.Json;
using Actors.Git.Remotes;

namespace Actors.Sync.ForgeHosts;

/// <summary>
/// A settings file of forge hosts, JSON with comments and trailing commas:
/// <code>{ "hosts": { "github.com": { "concurrency": 8, "requestsPerSecond": 10, "firstConcurrency": 2, "firstRequestsPerSecond": 4,
///   "silence": "60s", "banSilence": "1h", "quietHours": ["08:00-18:00"], "quietConcurrency": 1, "budget": "github",
///   "canary": "https://github.com/git/git" }, "*": { … } } }</code>
/// What is left out is as the presets have it; <c>*</c> stands for hosts that are not named. Quiet hours are UTC.
/// </summary>
public static class HostSettings
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a settings file over the presets.</summary>
    /// <exception cref="FormatException">Names the place and what is wrong there.</exception>
    public static HostRuleBook Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e);
        }
    }

    private static HostRuleBook Read(JsonElement root)
    {
        Demand(root.ValueKind == JsonValueKind.Object, "", "an object with \"hosts\" in it");
        Dictionary<string, HostRules> rules = new(HostPresets.Rules);
        HostRules others = HostPresets.Others;
        foreach (JsonProperty part in root.EnumerateObject())
        {
            Demand(part.Name == "hosts", part.Name, "known: only \"hosts\" is");
            Demand(part.Value.ValueKind == JsonValueKind.Object, "hosts", "an object: one property a host");
            foreach (JsonProperty host in part.Value.EnumerateObject())
            {
                string path = "hosts." + host.Name;
                Demand(host.Value.ValueKind == JsonValueKind.Object, path, "an object");
                if (host.Name == "*")
                {
                    others = ReadHost(path, host.Value, others, null);
                    continue;
                }

                ForgeHost name = Try(path, () => ForgeHost.Parse(host.Name));
                rules[host.Name] = ReadHost(path, host.Value, rules.GetValueOrDefault(host.Name, others), name);
            }
        }

        return new HostRuleBook(rules, others);
    }

    private static HostRules ReadHost(string path, JsonElement host, HostRules rules, ForgeHost? name)
    {
        foreach (JsonProperty setting in host.EnumerateObject())
        {
            string place = $"{path}.{setting.Name}";
            rules = setting.Name switch
            {
                "concurrency" => rules with { Concurrency = Whole(place, setting.Value, 1) },
                "requestsPerSecond" => rules with { RequestsPerSecond = Rate(place, setting.Value) },
                "firstConcurrency" => rules with { FirstConcurrency = Whole(place, setting.Value, 1) },
                "firstRequestsPerSecond" => rules with { FirstRequestsPerSecond = Rate(place, setting.Value) },
                "silence" => rules with { Silence = Time(place, setting.Value) },
                "banSilence" => rules with { BanSilence = Time(place, setting.Value) },
                "quietHours" => rules with { QuietHours = Hours(place, setting.Value) },
                "quietConcurrency" => rules with { QuietConcurrency = Whole(place, setting.Value, 0) },
                "budget" => rules with { Budget = Text(place, setting.Value) },
                "canary" => rules with { Canary = Canary(place, setting.Value, name) },
                _ => throw Bad(place, "known"),
            };
        }

        return rules;
    }

    private static int Whole(string place, JsonElement value, int least)
    {
        int number = 0;
        Demand(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number) && number >= least && number <= 10_000, place, $"a whole number from {least} to 10000");
        return number;
    }

    private static double Rate(string place, JsonElement value)
    {
        double number = 0;
        Demand(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && number is >= 0.001 and <= 1e6, place, "a rate a second from 0.001 to 1000000");
        return number;
    }

    private static TimeSpan Time(string place, JsonElement value)
    {
        string text = Text(place, value);
        int seconds = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        int number = 0;
        Demand(
            seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), System.Globalization.NumberStyles.None, null, out number) && number > 0
                && (long)number * seconds <= (long)Limits.SilenceMax.TotalSeconds,
            place, "a time up to a day, such as 90s, 15m or 1h");
        return TimeSpan.FromSeconds(number * seconds);
    }

    private static QuietHours[] Hours(string place, JsonElement value)
    {
        Demand(value.ValueKind == JsonValueKind.Array, place, "a list of times of day, such as [\"08:00-18:30\"]");
        return [.. value.EnumerateArray().Select((hours, at) => Try($"{place}[{at}]", () => QuietHours.Parse(Text($"{place}[{at}]", hours))))];
    }

    private static RepositoryUrl Canary(string place, JsonElement value, ForgeHost? name)
    {
        RepositoryUrl url = Try(place, () => RepositoryUrl.Parse(Text(place, value)));
        Demand(name is null ? false : url.Host == name, place, "a repository of the host itself");
        return url;
    }

    private static string Text(string place, JsonElement value)
    {
        Demand(value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 }, place, "a text");
        return value.GetString()!;
    }

    private static T Try<T>(string place, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException e) when (!e.Message.StartsWith(place, StringComparison.Ordinal))
        {
            throw new FormatException($"{place}: {e.Message}", e);
        }
    }

    private static void Demand(bool holds, string place, string what)
    {
        if (!holds)
        {
            throw Bad(place, what);
        }
    }

    private static FormatException Bad(string place, string what) => new(place.Length == 0 ? $"not {what}" : $"{place}: not {what}");
}
