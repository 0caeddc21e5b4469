using System.Text;

namespace Actors.Git.Checkouts;

/// <summary>The <c>.gitattributes</c> of one tree, for the attributes that change what is written into files. Safe for any number of readers.</summary>
public sealed class AttributeRules
{
    private static readonly string[] Known = ["text", "crlf", "eol", "ident", "filter", "working-tree-encoding"];

    private readonly Dictionary<string, IReadOnlyList<AttributeRule>> _files = new(StringComparer.Ordinal);
    private readonly List<IReadOnlyList<AttributeRule>> _below = [];
    private IReadOnlyList<AttributeRule> _above = [];
    private readonly Dictionary<string, IReadOnlyList<AttributeSetting>> _macros = new(StringComparer.Ordinal)
    {
        ["binary"] = [new("diff", AttributeSetting.False), new("merge", AttributeSetting.False), new("text", AttributeSetting.False)],
    };

    /// <summary>What attributes leave open about line ends.</summary>
    public LineEnds LineEnds { get; set; }

    /// <summary>True when no file of the tree is changed on its way.</summary>
    public bool IsEmpty => !LineEnds.Automatic && !_files.Values.Append(_above).Concat(_below).Any(rules => rules.Any(rule => rule.Settings.Any(one => Known.Contains(one.Name) || _macros.ContainsKey(one.Name))));

    /// <summary>Adds one file. Add the one at the top like any other.</summary>
    /// <param name="folder">Where it is: path from the top, empty for the top.</param>
    /// <param name="content">The file.</param>
    public void Add(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> content) =>
        _files[Encoding.Latin1.GetString(folder)] = AttributeFile.Read(content, folder.IsEmpty ? _macros : null);

    /// <summary>Sets the file that goes before all of the tree's: <c>$GIT_DIR/info/attributes</c>.</summary>
    public void AddAbove(ReadOnlySpan<byte> content) => _above = AttributeFile.Read(content, _macros);

    /// <summary>Adds a file that the tree's go before, and all added earlier: <c>core.attributesFile</c>, then the machine's.</summary>
    public void AddBelow(ReadOnlySpan<byte> content) => _below.Add(AttributeFile.Read(content, _macros));

    /// <summary>What becomes of one file.</summary>
    /// <param name="path">From the top.</param>
    public FileAttributes Find(ReadOnlySpan<byte> path)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        Fill(_above, path, found);

        // From the file's own folder upwards, in each from the last line: the first that speaks of an attribute decides.
        for (int end = path.LastIndexOf((byte)'/'); ; end = path[..end].LastIndexOf((byte)'/'))
        {
            ReadOnlySpan<byte> folder = end < 0 ? [] : path[..end];
            if (_files.TryGetValue(Encoding.Latin1.GetString(folder), out IReadOnlyList<AttributeRule>? rules))
            {
                Fill(rules, path[(end + 1)..], found);
            }

            if (end < 0)
            {
                break;
            }
        }

        foreach (IReadOnlyList<AttributeRule> rules in _below)
        {
            Fill(rules, path, found);
        }

        return FileAttributes.Of(found, LineEnds);
    }

    private void Fill(IReadOnlyList<AttributeRule> rules, ReadOnlySpan<byte> path, Dictionary<string, string> found)
    {
        for (int i = rules.Count - 1; i >= 0; i--)
        {
            if (rules[i].Matches(path))
            {
                Fill(rules[i].Settings, found, depth: 0);
            }
        }
    }

    /// <summary>attr.c, <c>fill_one</c>: later settings of a line first; a macro that is set stands for its settings.</summary>
    private void Fill(IReadOnlyList<AttributeSetting> settings, Dictionary<string, string> found, int depth)
    {
        for (int i = settings.Count - 1; i >= 0; i--)
        {
            if (found.TryAdd(settings[i].Name, settings[i].Value) && settings[i].Value == AttributeSetting.True
                && depth < Limits.AttributeMacroDepthMax && _macros.TryGetValue(settings[i].Name, out IReadOnlyList<AttributeSetting>? macro))
            {
                Fill(macro, found, depth + 1);
            }
        }
    }
}
