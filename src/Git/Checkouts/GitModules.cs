namespace Actors.Git.Checkouts;

/// <summary>Reads <c>.gitmodules</c> (gitmodules, "DESCRIPTION"): git's configuration format, one section a submodule.</summary>
public static class GitModules
{
    private const string Section = "submodule.";

    /// <summary>All submodules that it names, in order of their first line. Of settings that come twice the last counts.</summary>
    /// <exception cref="GitFormatException">git would refuse the file.</exception>
    public static IReadOnlyList<SubmoduleEntry> Read(ReadOnlySpan<byte> content)
    {
        List<string> order = [];
        Dictionary<string, SubmoduleEntry> entries = new(StringComparer.Ordinal);
        foreach ((string setting, string value) in GitConfiguration.Read(content))
        {
            int dot = setting.LastIndexOf('.');
            if (!setting.StartsWith(Section, StringComparison.Ordinal) || dot < Section.Length)
            {
                continue;
            }

            string name = setting[Section.Length..dot];
            if (!entries.TryGetValue(name, out SubmoduleEntry? entry))
            {
                order.Add(name);
                entry = new SubmoduleEntry(name, null, null, null);
            }

            entries[name] = setting[(dot + 1)..] switch
            {
                "path" => entry with { Path = value },
                "url" => entry with { Url = value },
                "update" => entry with { Update = value },
                _ => entry,
            };
        }

        return [.. order.Select(name => entries[name])];
    }
}
