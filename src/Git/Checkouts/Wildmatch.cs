namespace Actors.Git.Checkouts;

/// <summary>
/// git's patterns for paths (wildmatch.c with <c>WM_PATHNAME</c>): <c>*</c> and <c>?</c> stop at a slash, <c>**</c> between slashes does
/// not, <c>[…]</c> with ranges, <c>[:class:]</c> and <c>!</c>, <c>\</c> takes the next byte as it is. A star that finds nothing ends the stars before
/// it too, so that hostile patterns cost their length times the path's, not its power.
/// </summary>
public static class Wildmatch
{
    private enum Result
    {
        Match,
        NoMatch,

        /// <summary>The text ended: no earlier star can do better.</summary>
        AbortAll,

        /// <summary>A slash ended it: only an earlier <c>**</c> can do better.</summary>
        AbortToStarStar,
    }

    /// <summary>Whether a pattern is the whole of a path.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> path) => Match(pattern, 0, path) == Result.Match;

    private static Result Match(ReadOnlySpan<byte> pattern, int at, ReadOnlySpan<byte> text)
    {
        while (at < pattern.Length)
        {
            byte one = pattern[at];
            if (one == '*')
            {
                return MatchStar(pattern, at, text);
            }

            if (text.IsEmpty)
            {
                return Result.AbortAll;
            }

            if (one == '[')
            {
                int next = MatchSet(pattern, at + 1, text[0], out bool inSet);
                if (next < 0)
                {
                    return Result.AbortAll;
                }

                if (!inSet || text[0] == '/')
                {
                    return Result.NoMatch;
                }

                at = next;
                text = text[1..];
                continue;
            }

            if (one == '\\' && at + 1 < pattern.Length)
            {
                one = pattern[++at];
            }
            else if (one == '?')
            {
                one = text[0] == '/' ? (byte)0 : text[0];
            }

            if (text[0] != one)
            {
                return Result.NoMatch;
            }

            at++;
            text = text[1..];
        }

        return text.IsEmpty ? Result.Match : Result.NoMatch;
    }

    private static Result MatchStar(ReadOnlySpan<byte> pattern, int at, ReadOnlySpan<byte> text)
    {
        int start = at;
        bool overSlashes = false;
        if (at + 1 < pattern.Length && pattern[at + 1] == '*')
        {
            while (at < pattern.Length && pattern[at] == '*')
            {
                at++;
            }

            bool alone = (start == 0 || pattern[start - 1] == '/') && (at == pattern.Length || pattern[at] == '/');
            if (alone && at < pattern.Length && Match(pattern, at + 1, text) == Result.Match)
            {
                // "a/**/b" is "a/b" too.
                return Result.Match;
            }

            overSlashes = alone;
        }
        else
        {
            at++;
        }

        if (at == pattern.Length)
        {
            return overSlashes || text.IndexOf((byte)'/') < 0 ? Result.Match : Result.AbortToStarStar;
        }

        while (true)
        {
            Result rest = Match(pattern, at, text);
            if (rest != Result.NoMatch && (!overSlashes || rest != Result.AbortToStarStar))
            {
                return rest;
            }

            if (text.IsEmpty)
            {
                return Result.AbortAll;
            }

            if (!overSlashes && text[0] == '/')
            {
                return Result.AbortToStarStar;
            }

            text = text[1..];
        }
    }

    /// <returns>Where the pattern goes on behind the set; -1: it has no end.</returns>
    private static int MatchSet(ReadOnlySpan<byte> pattern, int at, byte one, out bool inSet)
    {
        inSet = false;
        bool negated = at < pattern.Length && pattern[at] is (byte)'!' or (byte)'^';
        at += negated ? 1 : 0;
        byte previous = 0;
        for (bool first = true; ; first = false)
        {
            if (at >= pattern.Length)
            {
                return -1;
            }

            byte here = pattern[at];
            if (here == ']' && !first)
            {
                inSet ^= negated;
                return at + 1;
            }

            if (here == '[' && at + 1 < pattern.Length && pattern[at + 1] == ':' && pattern[(at + 2)..].IndexOf(":]"u8) is >= 0 and var length)
            {
                inSet |= IsOfClass(pattern.Slice(at + 2, length), one);
                (at, previous) = (at + length + 4, 0);
                continue;
            }

            if (here == '-' && previous != 0 && at + 1 < pattern.Length && pattern[at + 1] != ']')
            {
                at++;
                at += pattern[at] == '\\' && at + 1 < pattern.Length ? 1 : 0;
                inSet |= one >= previous && one <= pattern[at];
                (at, previous) = (at + 1, 0);
                continue;
            }

            if (here == '\\' && at + 1 < pattern.Length)
            {
                here = pattern[++at];
            }

            inSet |= one == here;
            (at, previous) = (at + 1, here);
        }
    }

    private static bool IsOfClass(ReadOnlySpan<byte> name, byte one)
    {
        char c = (char)one;
        return System.Text.Encoding.Latin1.GetString(name) switch
        {
            "alnum" => char.IsAsciiLetterOrDigit(c),
            "alpha" => char.IsAsciiLetter(c),
            "blank" => c is ' ' or '\t',
            "cntrl" => c < 32 || c == 127,
            "digit" => char.IsAsciiDigit(c),
            "graph" => c is > ' ' and < (char)127,
            "lower" => char.IsAsciiLetterLower(c),
            "print" => c is >= ' ' and < (char)127,
            "punct" => c is > ' ' and < (char)127 && !char.IsAsciiLetterOrDigit(c),
            "space" => c is ' ' or (>= '\t' and <= '\r'),
            "upper" => char.IsAsciiLetterUpper(c),
            "xdigit" => char.IsAsciiHexDigit(c),
            _ => false,
        };
    }
}
