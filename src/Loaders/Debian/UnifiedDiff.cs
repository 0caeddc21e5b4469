using System.Globalization;
using System.Text;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>Reads unified diffs as <c>patch -p1 -u</c> does, with the checks of <c>dpkg-source</c>: names that leave the tree are refused.</summary>
internal sealed class UnifiedDiff
{
    private readonly List<ReadOnlyMemory<byte>> _lines;
    private int _next;

    private UnifiedDiff(ReadOnlyMemory<byte> diff) => _lines = TextLines.Split(diff);

    /// <summary>All files of a diff, in order.</summary>
    /// <exception cref="ArchiveException">Malformed.</exception>
    public static List<FilePatch> Parse(ReadOnlyMemory<byte> diff)
    {
        UnifiedDiff reader = new(diff);
        List<FilePatch> files = [];
        while (reader.Next() is { } file)
        {
            files.Add(file);
        }

        return files;
    }

    /// <summary>A name as git's header has it: without prefix, perhaps in quotes.</summary>
    internal static string Named(ReadOnlySpan<byte> name) => string.Join('/', TreeDraft.Split(name is [(byte)'"', .., (byte)'"'] ? Unquoted(name[1..^1]) : PathText.Of(name)));

    /// <summary>A name of <c>---</c> and <c>+++</c> without its first folder.</summary>
    internal static string? Stripped(ReadOnlySpan<byte> name) =>
        Named(name).Split('/', 2) is [_, var path] ? path : null;

    private ReadOnlySpan<byte> Line => _lines[_next].Span;

    /// <summary>
    /// The next file; null at the end. What stands before it is words, but for git's extended header: and as <c>dpkg-source</c> has it, no other line may look like a diff's.
    /// </summary>
    private FilePatch? Next()
    {
        GitHeader? git = null;
        for (; _next < _lines.Count; _next++)
        {
            ReadOnlySpan<byte> line = Line.TrimEnd("\r\n"u8);
            if (line.StartsWith("diff --git "u8))
            {
                if (git?.Alone() is { } alone)
                {
                    return alone;
                }

                git = GitHeader.Of(line);
            }
            else if (line.StartsWith("--- "u8) && _next + 1 < _lines.Count && _lines[_next + 1].Span.StartsWith("+++ "u8))
            {
                FilePatch file = ReadFile();
                return git?.Extended(file) ?? file;
            }
            else if (line.StartsWith("--- "u8) || line.StartsWith("+++ "u8) || line.StartsWith("@@ -"u8))
            {
                throw new ArchiveException("a patch has a line of a unified diff where none can be");
            }
            else
            {
                git?.Take(line);
            }
        }

        return git?.Alone();
    }

    private FilePatch ReadFile()
    {
        string? old = NameOf(Line[4..], out _);
        _next++;
        string? fresh = NameOf(Line[4..], out bool epoch);
        _next++;
        if (old is null && fresh is null)
        {
            throw new ArchiveException("a patch names no file");
        }

        List<Hunk> hunks = [];
        // Where the first hunk's line ends so, the whole patch was made on another system.
        bool returns = _next < _lines.Count && Line.EndsWith("\r\n"u8);
        while (_next < _lines.Count && Line.StartsWith("@@ -"u8))
        {
            hunks.Add(ReadHunk(returns));
            while (_next < _lines.Count && Line.StartsWith("\\ "u8))
            {
                _next++;
            }
        }

        return hunks.Count > 0 ? new FilePatch(old, fresh, null, fresh is null || epoch, hunks) : throw new ArchiveException("a patch of a file has no hunk");
    }

    private Hunk ReadHunk(bool returns)
    {
        (int oldStart, int oldCount, int newCount) = ReadRange(Encoding.Latin1.GetString(Line.TrimEnd("\r\n"u8)));
        _next++;
        List<ReadOnlyMemory<byte>> old = [], fresh = [];
        (int prefix, int suffix, bool changed) = (0, 0, false);
        while (old.Count < oldCount || fresh.Count < newCount)
        {
            if (_next == _lines.Count)
            {
                throw new ArchiveException("a patch ends within a hunk");
            }

            ReadOnlyMemory<byte> line = _lines[_next++];
            line = returns && line.Span.EndsWith("\r\n"u8) ? (byte[])[.. line.Span[..^2], (byte)'\n'] : line;
            // Mailers cut the space of an empty line of context.
            byte kind = line.Span is [(byte)'\n', ..] or [] ? (byte)' ' : line.Span[0];
            ReadOnlyMemory<byte> text = line.Span is [(byte)'\n', ..] or [] ? line : line[1..];
            if (_next < _lines.Count && Line.StartsWith("\\ "u8))
            {
                _next++;
                text = text.Span.EndsWith("\n"u8) ? text[..^1] : text;
            }

            switch (kind)
            {
                case (byte)' ' or (byte)'\t':
                    old.Add(text);
                    fresh.Add(text);
                    (prefix, suffix) = (changed ? prefix : prefix + 1, suffix + 1);
                    break;
                case (byte)'-':
                    old.Add(text);
                    (changed, suffix) = (true, 0);
                    break;
                case (byte)'+':
                    fresh.Add(text);
                    (changed, suffix) = (true, 0);
                    break;
                default:
                    throw new ArchiveException("a hunk has a line that is none");
            }
        }

        return old.Count == oldCount && fresh.Count == newCount
            ? new Hunk(oldStart, old, fresh, prefix, suffix)
            : throw new ArchiveException("a hunk does not have the lines that it announces");
    }

    /// <summary><c>@@ -1,2 +3,4 @@</c>; a count that is not said is 1.</summary>
    private static (int OldStart, int OldCount, int NewCount) ReadRange(string line)
    {
        string[] parts = line.Split(' ', 4);
        if (parts.Length < 4 || !parts[3].StartsWith("@@", StringComparison.Ordinal) || !Range(parts[1], '-', out int start, out int old) || !Range(parts[2], '+', out _, out int fresh))
        {
            throw new ArchiveException("a hunk's header is malformed");
        }

        return (start, old, fresh);

        static bool Range(string text, char sign, out int start, out int count)
        {
            count = 1;
            start = 0;
            string[] numbers = text.TrimStart(sign).Split(',');
            return text.StartsWith(sign) && numbers.Length <= 2 && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out start)
                && (numbers.Length == 1 || int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out count));
        }
    }

    private static string? NameOf(ReadOnlySpan<byte> field, out bool epoch)
    {
        ReadOnlySpan<byte> text = field.TrimEnd("\r\n"u8);
        int tab = text.IndexOf((byte)'\t');
        ReadOnlySpan<byte> name = tab < 0 ? text : text[..tab];
        // Before time zones were written everywhere, a file that is gone had the first second of 1970.
        epoch = tab >= 0 && (text[(tab + 1)..].StartsWith("1970-01-01 00:00:00"u8) || text[(tab + 1)..].StartsWith("Thu Jan  1 00:00:00 1970"u8));
        if (tab < 0 && name.IndexOf((byte)' ') is > 0 and var space && !name.StartsWith("\""u8))
        {
            name = name[..space];
        }

        string path = name is [(byte)'"', .., (byte)'"'] ? Unquoted(name[1..^1]) : PathText.Of(name);
        if (path == "/dev/null")
        {
            return null;
        }

        int slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? throw new ArchiveException($"a patch names '{PathText.Show(path)}', which has no folder to leave out") : string.Join('/', TreeDraft.Split(path[(slash + 1)..].TrimStart('/')));
    }

    /// <summary>C's escapes, as diff and git write odd names.</summary>
    private static string Unquoted(ReadOnlySpan<byte> quoted)
    {
        StringBuilder text = new();
        for (int i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] != '\\' || i + 1 == quoted.Length)
            {
                text.Append((char)quoted[i]);
                continue;
            }

            char next = (char)quoted[++i];
            if (next is >= '0' and <= '3' && i + 2 < quoted.Length)
            {
                text.Append((char)(((next - '0') << 6) | ((quoted[i + 1] - '0') << 3) | (quoted[i + 2] - '0')));
                i += 2;
                continue;
            }

            text.Append(next switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', 'v' => '\v', _ => next });
        }

        return text.ToString();
    }
}
