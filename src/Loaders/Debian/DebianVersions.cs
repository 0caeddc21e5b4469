namespace Actors.Loaders.Debian;

/// <summary>Orders versions as dpkg does (deb-version(7), "Sorting algorithm"). Of a branch's <c>suite/component/version</c> the last part counts.</summary>
internal sealed class DebianVersions : IComparer<string>
{
    public static DebianVersions Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        (string epochX, string upstreamX, string revisionX) = Parts(x ?? "");
        (string epochY, string upstreamY, string revisionY) = Parts(y ?? "");
        int order = ComparePart(epochX, epochY);
        order = order != 0 ? order : ComparePart(upstreamX, upstreamY);
        return order != 0 ? order : ComparePart(revisionX, revisionY);
    }

    private static (string Epoch, string Upstream, string Revision) Parts(string key)
    {
        string version = key[(key.LastIndexOf('/') + 1)..];
        int colon = version.IndexOf(':', StringComparison.Ordinal);
        string rest = version[(colon + 1)..];
        int dash = rest.LastIndexOf('-');
        return (colon < 0 ? "0" : version[..colon], dash < 0 ? rest : rest[..dash], dash < 0 ? "0" : rest[(dash + 1)..]);
    }

    private static int ComparePart(string a, string b)
    {
        (int i, int j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            while ((i < a.Length && !char.IsAsciiDigit(a[i])) || (j < b.Length && !char.IsAsciiDigit(b[j])))
            {
                int order = Weight(a, i) - Weight(b, j);
                if (order != 0)
                {
                    return order;
                }

                i++;
                j++;
            }

            ReadOnlySpan<char> left = Digits(a, ref i), right = Digits(b, ref j);
            int number = left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
            if (number != 0)
            {
                return number;
            }
        }

        return 0;
    }

    /// <summary>A tilde before the end, the end before letters, letters before all else.</summary>
    private static int Weight(string text, int at) => at >= text.Length || char.IsAsciiDigit(text[at]) ? 0
        : text[at] == '~' ? -1
        : char.IsAsciiLetter(text[at]) ? text[at]
        : text[at] + 256;

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text.AsSpan(Math.Min(start, text.Length), at - start).TrimStart('0');
    }
}
