using System.Buffers;
using System.Text;

namespace Actors.Sync.Workspaces;

/// <summary>
/// Which folders a sparse workspace holds, by git's cone rules (git-sparse-checkout, "CONE PATTERN SET HANDLING"): the files at the top,
/// everything below a folder that was named, and the files beside it on the way down.
/// </summary>
internal sealed class SparseRules
{
    private static readonly SearchValues<char> PatternCharacters = SearchValues.Create("*?[\\!#");
    private readonly HashSet<string> _whole = new(StringComparer.Ordinal);
    private readonly HashSet<string> _onTheWay = new(StringComparer.Ordinal) { "" };

    /// <param name="folders">Paths from the top, <c>/</c> between, in any order.</param>
    /// <exception cref="FormatException">One of them is no path of a folder.</exception>
    public SparseRules(IEnumerable<string> folders)
    {
        foreach (string given in folders)
        {
            string folder = given.Trim('/');
            string[] steps = folder.Split('/');
            if (folder.Length == 0 || folder.Any(char.IsControl) || folder.AsSpan().ContainsAny(PatternCharacters) || steps.Any(step => step is "" or "." or ".."))
            {
                throw new FormatException($"'{given}' is not a folder as --sparse takes it: a plain path from the top, such as src/core.");
            }

            for (int count = 1; count < steps.Length; count++)
            {
                _onTheWay.Add(string.Join('/', steps.Take(count)));
            }

            _whole.Add(folder);
        }

        // What is below a whole folder needs no rule of its own.
        _whole.RemoveWhere(IsBelowWhole);
        _onTheWay.RemoveWhere(folder => _whole.Contains(folder) || IsBelowWhole(folder));
    }

    /// <summary>Whether files that lie directly in this folder are in the working tree.</summary>
    public bool Holds(ReadOnlySpan<byte> folder)
    {
        string path = Encoding.UTF8.GetString(folder);
        return _onTheWay.Contains(path) || _whole.Contains(path) || IsBelowWhole(path);
    }

    /// <summary>The patterns as <c>git sparse-checkout set --cone</c> writes them.</summary>
    public override string ToString()
    {
        StringBuilder text = new("/*\n!/*/\n");
        foreach (string folder in _onTheWay.Where(folder => folder.Length > 0).Concat(_whole).Order(StringComparer.Ordinal))
        {
            text.Append('/').Append(folder).Append("/\n");
            if (_onTheWay.Contains(folder))
            {
                text.Append("!/").Append(folder).Append("/*/\n");
            }
        }

        return text.ToString();
    }

    private bool IsBelowWhole(string path)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            if (_whole.Contains(path[..slash]))
            {
                return true;
            }
        }

        return false;
    }
}
