namespace Actors.Loaders.Packages;

/// <summary>Orders version texts as people do: runs of digits by number, runs of letters by letter, the shorter of equal beginnings first.</summary>
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
                (true, false) => 1,
                (false, true) => -1,
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
        while (!rest.IsEmpty && !char.IsAsciiLetterOrDigit(rest[0]))
        {
            rest = rest[1..];
        }

        int length = 0;
        while (length < rest.Length && char.IsAsciiLetterOrDigit(rest[length]) && char.IsAsciiDigit(rest[length]) == char.IsAsciiDigit(rest[0]))
        {
            length++;
        }

        ReadOnlySpan<char> taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
