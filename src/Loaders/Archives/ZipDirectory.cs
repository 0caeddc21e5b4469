using System.Buffers.Binary;
using System.Text;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>
/// The central directory of a zip archive (APPNOTE 4.3), zip64 too. Names without the UTF-8 flag are code page 437, as Python
/// reads them; archives may stand behind other bytes (self-extracting ones).
/// </summary>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int HeaderLength = 46;
    private const uint EndMark = 0x06054b50;
    private const uint End64Mark = 0x06064b50;
    private const uint Locator64Mark = 0x07064b50;
    private const uint HeaderMark = 0x02014b50;

    private const string Upper437 =
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

    /// <summary>All entries in the directory's order.</summary>
    /// <param name="zip">The whole archive.</param>
    /// <param name="shift">Bytes before the archive's own first: added to each offset.</param>
    /// <exception cref="ArchiveException">Not a sound directory.</exception>
    public static List<ZipEntry> Read(ReadOnlySpan<byte> zip, out long shift)
    {
        int end = FindEnd(zip);
        ReadOnlySpan<byte> last = zip[end..];
        long count = BinaryPrimitives.ReadUInt16LittleEndian(last[10..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(last[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(last[16..]);
        long directoryEnd = end;
        if (end >= 20 && BinaryPrimitives.ReadUInt32LittleEndian(zip[(end - 20)..]) == Locator64Mark)
        {
            int at = end - 20 - 56;
            if (at < 0 || BinaryPrimitives.ReadUInt32LittleEndian(zip[at..]) != End64Mark)
            {
                throw Damaged("has no zip64 end");
            }

            count = BinaryPrimitives.ReadInt64LittleEndian(zip[(at + 32)..]);
            size = BinaryPrimitives.ReadInt64LittleEndian(zip[(at + 40)..]);
            offset = BinaryPrimitives.ReadInt64LittleEndian(zip[(at + 48)..]);
            directoryEnd = at;
        }

        long start = directoryEnd - size;
        shift = start - offset;
        if (size < 0 || start < 0 || offset < 0 || shift < 0 || count > size / HeaderLength + 1 || count > Limits.EntriesMax)
        {
            throw Damaged("is larger than the archive");
        }

        return ReadEntries(zip[(int)start..(int)directoryEnd]);
    }

    private static List<ZipEntry> ReadEntries(ReadOnlySpan<byte> directory)
    {
        List<ZipEntry> entries = [];
        while (directory.Length >= HeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(directory) == HeaderMark)
        {
            int name = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]);
            int extra = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            int comment = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            if (directory.Length < HeaderLength + name + extra + comment)
            {
                throw Damaged("ends within an entry");
            }

            int flags = BinaryPrimitives.ReadUInt16LittleEndian(directory[8..]);
            ZipEntry entry = new(
                Name(directory.Slice(HeaderLength, name), (flags & 0x800) != 0),
                BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]),
                (flags & 1) != 0,
                (flags & 2) != 0,
                BinaryPrimitives.ReadUInt32LittleEndian(directory[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]));
            entries.Add(WithZip64(entry, directory.Slice(HeaderLength + name, extra)));
            directory = directory[(HeaderLength + name + extra + comment)..];
        }

        return directory.IsEmpty ? entries : throw Damaged("has a damaged entry");
    }

    /// <summary>Extra field 1: 64-bit values of those that are all ones.</summary>
    private static ZipEntry WithZip64(ZipEntry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                ReadOnlySpan<byte> values = extra.Slice(4, length);
                return entry with
                {
                    Bytes = Take(entry.Bytes, ref values),
                    PackedBytes = Take(entry.PackedBytes, ref values),
                    Offset = Take(entry.Offset, ref values),
                };
            }

            extra = extra[(4 + length)..];
        }

        return entry;

        static long Take(long value, ref ReadOnlySpan<byte> values)
        {
            if (value != uint.MaxValue || values.Length < 8)
            {
                return value;
            }

            value = BinaryPrimitives.ReadInt64LittleEndian(values);
            values = values[8..];
            return value >= 0 ? value : throw Damaged("has a negative size");
        }
    }

    private static string Name(ReadOnlySpan<byte> name, bool utf8)
    {
        // Python ends a name at its first NUL.
        int nul = name.IndexOf((byte)0);
        name = nul < 0 ? name : name[..nul];
        if (utf8 || !name.ContainsAnyInRange((byte)0x80, (byte)0xff))
        {
            return PathText.Of(name);
        }

        StringBuilder text = new(name.Length);
        foreach (byte b in name)
        {
            text.Append(b < 0x80 ? (char)b : Upper437[b - 0x80]);
        }

        return PathText.OfText(text.ToString());
    }

    private static int FindEnd(ReadOnlySpan<byte> zip)
    {
        for (int i = zip.Length - EndLength; i >= Math.Max(0, zip.Length - EndLength - ushort.MaxValue); i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(zip[i..]) == EndMark)
            {
                return i;
            }
        }

        throw new ArchiveException("a zip archive without its directory: cut off, or none");
    }

    private static ArchiveException Damaged(string what) => new($"the zip archive's directory {what}");
}
