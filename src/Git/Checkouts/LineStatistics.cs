namespace Actors.Git.Checkouts;

/// <summary>How lines end in a blob, and whether it looks like text to git (convert.c, <c>gather_stats</c>, <c>convert_is_binary</c>).</summary>
internal readonly record struct LineStatistics(int LoneCr, int LoneLf, int CrLf, bool LooksBinary)
{
    private const int PrintablePerOther = 7;

    public static LineStatistics Of(ReadOnlySpan<byte> bytes)
    {
        (int loneCr, int loneLf, int crLf, int nul, int printable, int other) = (0, 0, 0, 0, 0, 0);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte one = bytes[i];
            if (one == '\r')
            {
                bool pair = i + 1 < bytes.Length && bytes[i + 1] == '\n';
                (crLf, loneCr, i) = pair ? (crLf + 1, loneCr, i + 1) : (crLf, loneCr + 1, i);
            }
            else if (one == '\n')
            {
                loneLf++;
            }
            else if (one == 127 || (one < 32 && one is not ((byte)'\b' or (byte)'\t' or 0x1b or 0x0c)))
            {
                (nul, other) = (one == 0 ? nul + 1 : nul, other + 1);
            }
            else
            {
                printable++;
            }
        }

        // A DOS end of file.
        other -= !bytes.IsEmpty && bytes[^1] == 0x1a ? 1 : 0;
        return new LineStatistics(loneCr, loneLf, crLf, loneCr > 0 || nul > 0 || printable >> PrintablePerOther < other);
    }
}
