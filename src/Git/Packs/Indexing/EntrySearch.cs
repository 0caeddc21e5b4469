namespace Actors.Git.Packs.Indexing;

/// <summary>
/// Looks for bytes that may be an entry's header followed by a zlib stream, for reading a pack from its middle. Goes from one
/// possible start of a stream to the next: one byte in 8,192 of noise looks like that.
/// </summary>
internal static unsafe class EntrySearch
{
    /// <summary>A window of 32 KB, as every git writes.</summary>
    private const byte StreamStart = 0x78;

    private const int DictionaryBit = 0x20;

    /// <summary>The next place from <paramref name="at"/> on, or <paramref name="stop"/>. May leave one out that overlaps with another.</summary>
    public static long Next(byte* bytes, long at, long stop, long end)
    {
        long data = at + 1;
        while (true)
        {
            // The byte behind the one that is looked for is read too.
            long left = Math.Min(end - 1, stop + PackEntryHeader.LengthMax) - data;
            int found = left <= 0 ? -1 : new ReadOnlySpan<byte>(bytes + data, (int)Math.Min(left, int.MaxValue)).IndexOf(StreamStart);
            if (found < 0)
            {
                return stop;
            }

            data += found;
            byte flags = bytes[data + 1];
            if (((StreamStart << 8) | flags) % 31 == 0 && (flags & DictionaryBit) == 0 && FindHeader(bytes, at, data) is >= 0 and var start)
            {
                return Math.Min(start, stop);
            }

            data++;
        }
    }

    /// <summary>The first place, not before <paramref name="from"/>, at which a header would end just before <paramref name="data"/>; or -1.</summary>
    private static long FindHeader(byte* bytes, long from, long data)
    {
        for (long at = Math.Max(from, data - PackEntryHeader.LengthMax); at < data; at++)
        {
            int type = (bytes[at] >> 4) & 7;
            if (type is 0 or 5)
            {
                continue;
            }

            long next = at + 1;
            while (next < data && (bytes[next - 1] & 0x80) != 0)
            {
                next++;
            }

            if ((PackEntryType)type == PackEntryType.RefDelta)
            {
                next += Objects.Oid.Length;
            }
            else if ((PackEntryType)type == PackEntryType.OfsDelta)
            {
                while (next < data && (bytes[next] & 0x80) != 0)
                {
                    next++;
                }

                next++;
            }

            if (next == data && (bytes[next - 1] & 0x80) == 0 | (PackEntryType)type == PackEntryType.RefDelta)
            {
                return at;
            }
        }

        return -1;
    }
}
