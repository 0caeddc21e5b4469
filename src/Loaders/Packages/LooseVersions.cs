namespace Actors.Loaders.Packages;

/// <summary>
/// Orders version texts as Python's <c>LooseVersion</c> did: runs of digits by number, runs of small letters and of all else by character, numbers before
/// texts, the shorter of equal beginnings first. Points only separate.
/// </summary>
internal sealed class LooseVersions : IComparer<string>
{
    public static LooseVersions Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x, right = y;
        while (true)
        {
            ReadOnlySpan<char> a = Take(ref left), b = Take(ref right);
            if (a.IsEmpty || b.IsEmpty)
            {
                return a.Length.CompareTo(b.Length);
            }

            int order = (char.IsAsciiDigit(a[0]), char.IsAsciiDigit(b[0])) switch
            {
                (true, true) => CompareNumbers(a, b),
                (true, false) => -1,
                (false, true) => 1,
                _ => a.SequenceCompareTo(b),
            };
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
    }

    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart('.');
        int length = 0;
        while (length < rest.Length && KindOf(rest[length]) == KindOf(rest[0]))
        {
            length++;
        }

        ReadOnlySpan<char> taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static int KindOf(char c) => c switch
    {
        '.' => 0,
        >= '0' and <= '9' => 1,
        >= 'a' and <= 'z' => 2,
        _ => 3,
    };
}
