namespace Actors.Git.Packs.Compression;

/// <summary>Whether a bound zlib does what its exports' names promise: a changed structure layout must be found here, not in a user's pack.</summary>
internal static unsafe class ZlibSelfTest
{
    private const int ContentLength = 4096;

    /// <summary>Round trip with split output, consumed count, damaged input and a CRC known from elsewhere.</summary>
    public static bool Passes(ZlibLibrary library)
    {
        byte* content = stackalloc byte[ContentLength];
        byte* packed = stackalloc byte[ContentLength * 2];
        byte* again = stackalloc byte[ContentLength + Inflater.Slack];
        for (int i = 0; i < ContentLength; i++)
        {
            content[i] = (byte)((i * i) >> 5);
        }

        using Deflater deflater = library.CreateDeflater(ZlibCodes.DefaultLevel);
        using Inflater inflater = library.CreateInflater();
        byte* from = content;
        byte* to = packed;
        if (!deflater.Deflate(ref from, content + ContentLength, ref to, packed + (ContentLength * 2)))
        {
            return false;
        }

        // Bytes behind the stream must stay unread.
        byte* end = to;
        *to++ = 0x78;
        *to++ = 0x9c;
        for (int round = 0; round < 2; round++)
        {
            if (inflater.InflateWhole(packed, to, again, ContentLength, out long used) != InflateStatus.End || used != end - packed
                || !new ReadOnlySpan<byte>(content, ContentLength).SequenceEqual(new ReadOnlySpan<byte>(again, ContentLength)))
            {
                return false;
            }
        }

        end[-1] ^= 1;
        fixed (byte* digits = "123456789"u8)
        {
            return inflater.InflateWhole(packed, to, again, ContentLength, out _) == InflateStatus.Damaged
                && library.Crc32(library.Crc32(0, digits, 4), digits + 4, 5) == 0xCBF43926;
        }
    }
}
