using System.Globalization;
using System.Text;
using Actors.Git;
using Actors.Git.Checkouts;

namespace Actors.Sync.Workspaces;

/// <summary>
/// What a person's git, and the machine's, would do to files on their way into a working tree: line ends and attributes from the
/// same files as git takes them (git-config, "FILES"; gitattributes, "DESCRIPTION"). A file that cannot be read says nothing.
/// </summary>
internal sealed class PersonalSettings
{
    private readonly Func<string, string?> _environment;
    private readonly string _gitFolder;
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);

    private PersonalSettings(string gitFolder, Func<string, string?> environment) => (_gitFolder, _environment) = (gitFolder, environment);

    public LineEnds LineEnds { get; private set; }

    /// <summary>The base's <c>info/attributes</c>.</summary>
    public byte[]? AttributesAbove { get; private set; }

    /// <summary>The person's attributes, then the machine's.</summary>
    public IReadOnlyList<byte[]> AttributesBelow { get; private set; } = [];

    /// <summary><c>filter.NAME.…</c>, by name.</summary>
    public IReadOnlyDictionary<string, PersonalFilter> Filters { get; private set; } = new Dictionary<string, PersonalFilter>();

    /// <summary>git-config, <c>protocol.file.allow</c>: submodules may come from folders of this machine.</summary>
    public bool AllowsFiles { get; private set; }

    private string? Home => Named("HOME");

    private string? PersonalFolder => Named("XDG_CONFIG_HOME") ?? (Home is { } home ? Path.Combine(home, ".config") : null);

    /// <param name="baseFolder">The base, whose configuration counts too.</param>
    /// <param name="environment">Gives variables of the environment.</param>
    public static PersonalSettings Read(string baseFolder, Func<string, string?> environment)
    {
        PersonalSettings settings = new(Path.Combine(baseFolder, "worktrees", "workspace"), environment);
        settings.ReadFiles(baseFolder);
        settings.ReadVariables();
        settings.LineEnds = LineEnds.Of(settings._settings.GetValueOrDefault("core.autocrlf"), settings._settings.GetValueOrDefault("core.eol"));
        settings.Filters = settings.ReadFilters();
        settings.AllowsFiles = settings._settings.GetValueOrDefault("protocol.file.allow") == "always";
        settings.AttributesAbove = Content(Path.Combine(baseFolder, "info", "attributes"));
        string? own = settings._settings.TryGetValue("core.attributesfile", out string? named)
            ? settings.Expand(named)
            : settings.PersonalFolder is { } folder ? Path.Combine(folder, "git", "attributes") : null;
        string? machine = settings.IsSet("GIT_ATTR_NOSYSTEM") ? null : "/etc/gitattributes";
        settings.AttributesBelow = [.. ((string?[])[own, machine]).Select(Content).OfType<byte[]>()];
        return settings;
    }

    private void ReadFiles(string baseFolder)
    {
        if (!IsSet("GIT_CONFIG_NOSYSTEM"))
        {
            ReadFile(Named("GIT_CONFIG_SYSTEM") ?? "/etc/gitconfig", 0);
        }

        if (Named("GIT_CONFIG_GLOBAL") is { } global)
        {
            ReadFile(global, 0);
        }
        else
        {
            ReadFile(PersonalFolder is { } folder ? Path.Combine(folder, "git", "config") : null, 0);
            ReadFile(Home is { } home ? Path.Combine(home, ".gitconfig") : null, 0);
        }

        ReadFile(Path.Combine(baseFolder, "config"), 0);
    }

    /// <summary>git-config, "ENVIRONMENT": <c>GIT_CONFIG_COUNT</c> and its pairs.</summary>
    private void ReadVariables()
    {
        _ = int.TryParse(_environment("GIT_CONFIG_COUNT"), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        for (int i = 0; i < Math.Min(count, Limits.ConfigurationPairsMax); i++)
        {
            if (_environment(string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{i}")) is { } name
                && _environment(string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{i}")) is { } value)
            {
                // A subsection is as it is; section and last step are in small letters.
                (int first, int last) = (name.IndexOf('.', StringComparison.Ordinal), name.LastIndexOf('.'));
                _settings[first < 0 ? name : name[..first].ToLowerInvariant() + name[first..last] + name[last..].ToLowerInvariant()] = value;
            }
        }
    }

    private Dictionary<string, PersonalFilter> ReadFilters()
    {
        Dictionary<string, PersonalFilter> filters = new(StringComparer.Ordinal);
        foreach ((string setting, string value) in _settings)
        {
            if (!setting.StartsWith("filter.", StringComparison.Ordinal))
            {
                continue;
            }

            int last = setting.LastIndexOf('.');
            string name = last > "filter.".Length ? setting["filter.".Length..last] : "";
            PersonalFilter filter = filters.GetValueOrDefault(name) ?? new PersonalFilter(name, null, null, false);
            filters[name] = setting[(last + 1)..] switch
            {
                "smudge" => filter with { Smudge = value },
                "process" => filter with { LongRunning = value },
                "required" => filter with { Required = IsYes(value) },
                _ => filter,
            };
        }

        return filters;
    }

    private void ReadFile(string? path, int depth)
    {
        if (Content(path) is not { } content || depth > Limits.ConfigurationDepthMax)
        {
            return;
        }

        try
        {
            foreach ((string name, string value) in GitConfiguration.Read(content))
            {
                if (name == "include.path" || (name.StartsWith("includeif.", StringComparison.Ordinal) && name.EndsWith(".path", StringComparison.Ordinal)
                    && IsMet(name["includeif.".Length..^".path".Length], Path.GetDirectoryName(path)!)))
                {
                    ReadFile(Path.Combine(Path.GetDirectoryName(path)!, Expand(value) ?? ""), depth + 1);
                }
                else
                {
                    _settings[name] = value;
                }
            }
        }
        catch (GitFormatException)
        {
            // git will tell the person at the first command.
        }
    }

    /// <summary>git-config, "Conditional includes": <c>gitdir</c> only.</summary>
    private bool IsMet(string condition, string folder)
    {
        bool anyCase = condition.StartsWith("gitdir/i:", StringComparison.Ordinal);
        if (!anyCase && !condition.StartsWith("gitdir:", StringComparison.Ordinal))
        {
            return false;
        }

        string pattern = condition[(condition.IndexOf(':', StringComparison.Ordinal) + 1)..];
        pattern = pattern.StartsWith("./", StringComparison.Ordinal) ? folder + pattern[1..] : Expand(pattern) ?? pattern;
        pattern = Path.IsPathRooted(pattern) ? pattern : "**/" + pattern;
        pattern = pattern.EndsWith('/') ? pattern + "**" : pattern;
        return Wildmatch.Matches(
            Encoding.UTF8.GetBytes(anyCase ? pattern.ToLowerInvariant() : pattern), Encoding.UTF8.GetBytes(anyCase ? _gitFolder.ToLowerInvariant() : _gitFolder));
    }

    private string? Expand(string path) => path.StartsWith("~/", StringComparison.Ordinal) ? Home is { } home ? Path.Combine(home, path[2..]) : null : path;

    private string? Named(string variable) => _environment(variable) is { Length: > 0 } value ? value : null;

    private bool IsSet(string variable) => IsYes(_environment(variable));

    private static bool IsYes(string? value) => value?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON";

    private static byte[]? Content(string? path)
    {
        try
        {
            return path is not null && File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
