using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>git's extended header of a diff (git-diff, "Generating patch text with -p"), as far as GNU patch follows it: modes, links, copies, renames, files without hunks.</summary>
internal sealed class GitHeader
{
    private readonly string? _name;
    private bool? _executable;
    private string? _from;
    private string? _to;
    private bool _moves;
    private bool _creates;
    private bool _deletes;
    private bool _isLink;

    private GitHeader(string? name) => _name = name;

    /// <summary>The header that begins with this line: <c>diff --git a/NAME b/NAME</c>.</summary>
    public static GitHeader Of(ReadOnlySpan<byte> line)
    {
        // Two names of one length with a space between: where they differ, other lines say them.
        ReadOnlySpan<byte> names = line["diff --git ".Length..];
        int middle = names.Length / 2;
        bool alike = names.Length % 2 == 1 && names[middle] == ' ';
        return new GitHeader(alike ? UnifiedDiff.Stripped(names[(middle + 1)..]) : null);
    }

    /// <summary>Takes in a line that follows; any other word is passed over.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        if (After(line, "new file mode "u8, out ReadOnlySpan<byte> mode) || After(line, "new mode "u8, out mode))
        {
            _creates |= line.StartsWith("new file"u8);
            _isLink = mode.StartsWith("120"u8);
            _executable = mode.EndsWith("755"u8);
        }
        else if (After(line, "rename from "u8, out ReadOnlySpan<byte> name) || After(line, "copy from "u8, out name))
        {
            (_from, _moves) = (UnifiedDiff.Named(name), line.StartsWith("rename"u8));
        }
        else if (After(line, "rename to "u8, out name) || After(line, "copy to "u8, out name))
        {
            _to = UnifiedDiff.Named(name);
        }
        else
        {
            _deletes |= line.StartsWith("deleted file mode "u8);
        }
    }

    /// <summary>What the header says where no hunk follows; null: nothing.</summary>
    public FilePatch? Alone() =>
        _from is not null && _to is not null ? Extended(new FilePatch(_from, _to, null, false, []))
        : _name is null ? null
        : _creates ? Extended(new FilePatch(null, _name, null, false, []))
        : _deletes ? new FilePatch(_name, null, null, true, [])
        : _executable is not null ? Extended(new FilePatch(_name, _name, null, false, []))
        : null;

    /// <summary>What hunks say, with what the header does.</summary>
    public FilePatch Extended(FilePatch patch) => _from is not null && _to is not null
        ? patch with { Old = _from, New = _to, Copies = true, Moves = _moves, Executable = _executable }
        : patch with { Executable = _executable, IsLink = _isLink };

    private static bool After(ReadOnlySpan<byte> line, ReadOnlySpan<byte> word, out ReadOnlySpan<byte> rest)
    {
        bool found = line.StartsWith(word);
        rest = found ? line[word.Length..] : default;
        return found;
    }
}
