using System.Text.RegularExpressions;

namespace Actors.Loaders.Packages;

/// <summary>
/// Where this machine's own tools look for packages: npm's and pip's environment and files, apt's sources. Nothing is run, nothing
/// is written; passwords in addresses are left out.
/// </summary>
/// <param name="variable">The environment.</param>
/// <param name="home">The person's folder.</param>
/// <param name="etc">The machine's configuration.</param>
/// <param name="folder">Where the program was started.</param>
public sealed partial class Ecosystems(Func<string, string?> variable, string home, string etc, string folder)
{
    /// <summary>The address of a package's registry; null where nothing says it.</summary>
    /// <param name="scheme">The loader's word.</param>
    /// <param name="name">The package.</param>
    public Uri? Find(string scheme, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return scheme switch
        {
            "npm" => Clean(Npm(name)),
            "pypi" => Clean(Pip()) is { } index ? new Uri(SimpleIndex().Replace(index.AbsoluteUri, "/")) : new Uri("https://pypi.org/"),
            "debian" => Clean(Apt(name.Split('/')[0])),
            "crates" => new Uri("https://crates.io/"),
            _ => null,
        };
    }

    /// <summary>npm's order (npmrc(5)): environment, the project's file, the person's, the machine's; a scope may have a registry of its own.</summary>
    private string? Npm(string name)
    {
        string scope = name.StartsWith('@') && name.Contains('/', StringComparison.Ordinal) ? name[..name.IndexOf('/', StringComparison.Ordinal)] : "";
        string[] files = [Path.Combine(folder, ".npmrc"), variable("NPM_CONFIG_USERCONFIG") ?? Path.Combine(home, ".npmrc"), Path.Combine(etc, "npmrc")];
        string? scoped = scope.Length == 0 ? null : files.Select(file => Setting(file, $"{scope}:registry", null)).FirstOrDefault(found => found is not null);
        return scoped ?? variable("npm_config_registry") ?? variable("NPM_CONFIG_REGISTRY")
            ?? files.Select(file => Setting(file, "registry", null)).FirstOrDefault(found => found is not null);
    }

    /// <summary>pip's order (pip config): environment, the file that it names, the person's, the machine's.</summary>
    private string? Pip()
    {
        string config = variable("XDG_CONFIG_HOME") is { Length: > 0 } given ? given : Path.Combine(home, ".config");
        string[] files = [variable("PIP_CONFIG_FILE") ?? "", Path.Combine(config, "pip", "pip.conf"), Path.Combine(home, ".pip", "pip.conf"), Path.Combine(etc, "pip.conf")];
        return variable("PIP_INDEX_URL") ?? files.Select(file => Setting(file, "index-url", "global")).FirstOrDefault(found => found is not null);
    }

    /// <summary>apt's sources (sources.list(5)), one-line and deb822 style: the first that has the suite.</summary>
    private string? Apt(string suite)
    {
        string parts = Path.Combine(etc, "apt", "sources.list.d");
        string[] more = Directory.Exists(parts) ? [.. Directory.GetFiles(parts).Order(StringComparer.Ordinal)] : [];
        foreach (string file in (string[])[Path.Combine(etc, "apt", "sources.list"), .. more])
        {
            string? found = file.EndsWith(".sources", StringComparison.Ordinal) ? Paragraphs(file, suite) : file.EndsWith(".list", StringComparison.Ordinal) ? OneLines(file, suite) : null;
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private static string? OneLines(string file, string suite) => Lines(file)
        .Select(line => SourceLine().Match(line))
        .FirstOrDefault(match => match.Success && Json.AddressOf(match.Groups["uri"].Value) is not null && (suite.Length == 0 || match.Groups["suite"].Value == suite))?.Groups["uri"].Value;

    private static string? Paragraphs(string file, string suite)
    {
        foreach (string paragraph in string.Join('\n', Lines(file)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string? Field(string name) => paragraph.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
            string? address = Field("URIs")?.Split(' ').FirstOrDefault(uri => Json.AddressOf(uri) is not null);
            if (address is not null && !"no".Equals(Field("Enabled"), StringComparison.OrdinalIgnoreCase) && (suite.Length == 0 || (Field("Suites") ?? "").Split(' ').Contains(suite)))
            {
                return address;
            }
        }

        return null;
    }

    private static string? Setting(string file, string key, string? section)
    {
        string? current = null;
        foreach (string line in Lines(file).Select(line => line.Trim()))
        {
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                current = line[1..^1].Trim();
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line[0] is not ('#' or ';') && current == section && line[..equals].Trim().Replace('_', '-') == key)
            {
                return line[(equals + 1)..].Trim().Trim('"');
            }
        }

        return null;
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As if it were not there: the person can say the registry.
            return [];
        }
    }

    private static Uri? Clean(string? text) => Json.AddressOf(text) is { } address
        ? new Uri(address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped))
        : null;

    [GeneratedRegex(@"^\s*deb(?:-src)?\s+(?:\[[^\]]*\]\s*)?(?<uri>\S+)\s+(?<suite>\S+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SourceLine();

    [GeneratedRegex(@"/\+?simple/?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SimpleIndex();
}
