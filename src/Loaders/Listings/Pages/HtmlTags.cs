using System.Buffers;
using System.Net;

namespace Actors.Loaders.Listings.Pages;

/// <summary>
/// The tags of an HTML page, one after the other, with the text between them: enough to read the pages of two programs, in time that grows with the page
/// whatever is in it. Comments, declarations, and what scripts and styles contain are passed over; what does not end ends the page.
/// </summary>
/// <param name="text">The page.</param>
internal ref struct HtmlTags(ReadOnlySpan<char> text)
{
    private static readonly SearchValues<char> AttributeEnds = SearchValues.Create("= \t\r\n\f/");

    private ReadOnlySpan<char> _rest = text;
    private ReadOnlySpan<char> _name;
    private ReadOnlySpan<char> _attributes;
    private ReadOnlySpan<char> _before;

    /// <summary>Whether this is an end tag.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>The text between the tag before and this one, with its entities resolved.</summary>
    public readonly string TextBefore => WebUtility.HtmlDecode(_before.ToString());

    /// <summary>Goes to the next tag; false: the page ends.</summary>
    public bool Next()
    {
        _before = default;
        while (true)
        {
            int open = _rest.IndexOf('<');
            if (open < 0 || open + 1 >= _rest.Length)
            {
                return false;
            }

            // Text around a comment is one text in a browser; here the part after it, which no page that is read has.
            _before = _rest[..open];
            _rest = _rest[(open + 1)..];
            if (_rest[0] is '!' or '?')
            {
                if (!SkipDeclaration())
                {
                    return false;
                }

                continue;
            }

            if (!char.IsAsciiLetter(_rest[0]) && _rest[0] != '/')
            {
                continue;
            }

            return ReadTag();
        }
    }

    /// <summary>Whether the tag is one of this name (in lower case).</summary>
    public readonly bool Is(string name) => _name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the tag begins an element of this name.</summary>
    public readonly bool Begins(string name) => !IsEnd && Is(name);

    /// <summary>Whether the tag ends an element of this name.</summary>
    public readonly bool Ends(string name) => IsEnd && Is(name);

    /// <summary>Whether one of the tag's classes is this.</summary>
    public readonly bool HasClass(string name) => Attribute("class") is { } classes && classes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(name, StringComparer.Ordinal);

    /// <summary>An attribute's value with its entities resolved, or null.</summary>
    public readonly string? Attribute(string name)
    {
        ReadOnlySpan<char> rest = _attributes;
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n\f/");
            if (rest.IsEmpty)
            {
                return null;
            }

            int end = rest.IndexOfAny(AttributeEnds);
            end = end < 0 ? rest.Length : Math.Max(1, end);
            bool found = rest[..end].Equals(name, StringComparison.OrdinalIgnoreCase);
            rest = rest[end..].TrimStart();
            if (rest.IsEmpty || rest[0] != '=')
            {
                if (found)
                {
                    return "";
                }

                continue;
            }

            rest = rest[1..].TrimStart();
            (int from, int to, int next) = Value(rest);
            if (found)
            {
                return WebUtility.HtmlDecode(rest[from..to].ToString());
            }

            rest = rest[next..];
        }
    }

    private static (int From, int To, int Next) Value(ReadOnlySpan<char> rest)
    {
        if (!rest.IsEmpty && rest[0] is '"' or '\'')
        {
            int close = rest[1..].IndexOf(rest[0]);
            return close < 0 ? (1, rest.Length, rest.Length) : (1, close + 1, close + 2);
        }

        int end = rest.IndexOfAny(" \t\r\n\f");
        return end < 0 ? (0, rest.Length, rest.Length) : (0, end, end);
    }

    private bool ReadTag()
    {
        IsEnd = _rest[0] == '/';
        _rest = IsEnd ? _rest[1..] : _rest;
        int nameEnd = 0;
        while (nameEnd < _rest.Length && (char.IsAsciiLetterOrDigit(_rest[nameEnd]) || _rest[nameEnd] is '-' or ':'))
        {
            nameEnd++;
        }

        _name = _rest[..nameEnd];
        int end = EndOfTag(_rest, nameEnd);
        if (end < 0)
        {
            _rest = default;
            return false;
        }

        _attributes = _rest[nameEnd..end];
        _rest = _rest[(end + 1)..];
        if (!IsEnd && (Is("script") || Is("style")))
        {
            int close = _rest.IndexOf(Is("script") ? "</script" : "</style", StringComparison.OrdinalIgnoreCase);
            _rest = close < 0 ? default : _rest[close..];
        }

        return true;
    }

    /// <summary>The place of the closing bracket, those in quotes aside.</summary>
    private static int EndOfTag(ReadOnlySpan<char> text, int from)
    {
        for (int i = from; i < text.Length;)
        {
            int next = text[i..].IndexOfAny('>', '"', '\'');
            if (next < 0)
            {
                return -1;
            }

            i += next;
            if (text[i] == '>')
            {
                return i;
            }

            int close = text[(i + 1)..].IndexOf(text[i]);
            if (close < 0)
            {
                return -1;
            }

            i += close + 2;
        }

        return -1;
    }

    private bool SkipDeclaration()
    {
        string end = _rest.StartsWith("!--") ? "-->" : ">";
        int close = _rest.IndexOf(end);
        _rest = close < 0 ? default : _rest[(close + end.Length)..];
        return close >= 0;
    }
}
