using System.Runtime.CompilerServices;

namespace Actors.Git.Packs.Indexing;

/// <summary>Looks for bytes that may be an entry's header followed by a zlib stream, for reading a pack from its middle.</summary>
internal static unsafe class EntrySearch
{
    /// <summary>The next place from <paramref name="at"/> on, or <paramref name="stop"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Next(byte* bytes, long at, long stop, long end)
    {
        long last = Math.Min(stop, end - PackEntryHeader.LengthMax);
        for (; at < last; at++)
        {
            int type = (bytes[at] >> 4) & 7;
            if (type is 0 or 5)
            {
                continue;
            }

            long data = at + 1;
            while ((bytes[data - 1] & 0x80) != 0 && data - at < 6)
            {
                data++;
            }

            if (type == 7)
            {
                data += 20;
            }
            else if (type == 6)
            {
                long first = data;
                while ((bytes[data++] & 0x80) != 0 && data - first < 6)
                {
                }
            }

            // A window of 32 KB, as every git writes; header checksum by RFC 1950; no dictionary.
            if (bytes[data] == 0x78 && ((0x7800 | bytes[data + 1]) % 31) == 0 && (bytes[data + 1] & 0x20) == 0)
            {
                return at;
            }
        }

        return stop;
    }
}
