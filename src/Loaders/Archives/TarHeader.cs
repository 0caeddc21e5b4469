using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>
/// One header of a tar archive: 512 bytes as in POSIX ustar, GNU tar and the tars before them (tar(5)). Names are
/// <see cref="PathText"/>. Read as Python's <c>tarfile</c> reads, which is what ids were made with.
/// </summary>
internal readonly record struct TarHeader(TarEntryKind Kind, string Name, string LinkName, int Mode, long Size)
{
    /// <summary>Bytes of a header, and of every block.</summary>
    public const int Length = 512;

    /// <summary>Whether the checksum fits; some old tars added signed bytes.</summary>
    public static bool IsSound(ReadOnlySpan<byte> block)
    {
        long unsigned = 0, signed = 0;
        for (int i = 0; i < Length; i++)
        {
            byte b = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += b;
            signed += (sbyte)b;
        }

        return TryNumber(block.Slice(148, 8), out long said) && (said == unsigned || said == signed) && unsigned != 8 * ' ';
    }

    /// <summary>Reads a header; the caller has looked for the block of zeroes that ends an archive.</summary>
    /// <exception cref="ArchiveException">Damaged.</exception>
    public static TarHeader Parse(ReadOnlySpan<byte> block)
    {
        if (!IsSound(block))
        {
            throw new ArchiveException("a tar header is damaged: its checksum does not fit");
        }

        if (!TryNumber(block.Slice(124, 12), out long size) || size < 0 || !TryNumber(block.Slice(100, 8), out long mode))
        {
            throw new ArchiveException("a tar header has an impossible size or mode");
        }

        string name = Text(block[..100]);
        TarEntryKind kind = KindOf(block[156], name);
        string prefix = Text(block.Slice(345, 155));
        if (prefix.Length > 0 && block[156] is not ((byte)'L' or (byte)'K' or (byte)'S') && !IsGnu(block))
        {
            name = prefix + "/" + name;
        }

        return new TarHeader(kind, name, Text(block.Slice(157, 100)), (int)(mode & 0xffff), size);
    }

    /// <summary>Text to the first NUL.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return PathText.Of(end < 0 ? field : field[..end]);
    }

    /// <summary>Octal digits with white space around, or GNU's big-endian number with the first bit set.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> field, out long number)
    {
        number = 0;
        if ((field[0] & 0x80) != 0)
        {
            number = field[0] == 0xff ? -1 : 0;
            for (int i = 1; i < field.Length; i++)
            {
                if (number is > (long.MaxValue >> 8) or < (long.MinValue >> 8))
                {
                    return false;
                }

                number = (number << 8) | field[i];
            }

            return true;
        }

        int end = field.IndexOf((byte)0);
        ReadOnlySpan<byte> digits = (end < 0 ? field : field[..end]).Trim(" \t\r\n"u8);
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7' || number > long.MaxValue >> 3)
            {
                return false;
            }

            number = (number << 3) | (uint)(digit - '0');
        }

        return true;
    }

    /// <summary>GNU's old format keeps times where ustar has the prefix.</summary>
    private static bool IsGnu(ReadOnlySpan<byte> block) => block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    private static TarEntryKind KindOf(byte flag, string name) => (char)flag switch
    {
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.SymbolicLink,
        '3' or '4' or '6' => TarEntryKind.Special,
        '5' => TarEntryKind.Folder,
        'L' => TarEntryKind.LongName,
        'K' => TarEntryKind.LongLink,
        'x' or 'X' => TarEntryKind.Pax,
        'g' => TarEntryKind.GlobalPax,
        'S' => TarEntryKind.Sparse,
        // Before POSIX a folder was a file whose name ends in a slash. (A name of later kinds may be cut off there: a long one follows.)
        '\0' when name.EndsWith('/') => TarEntryKind.Folder,
        // What nobody knows is a file.
        _ => TarEntryKind.File,
    };
}
