using System.Globalization;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>
/// Where the bytes of a sparse tar member lie in the file that it stands for; all else there is zero. GNU tar's manual, "Storing Sparse Files": the old form, whose
/// map is in the header and blocks behind it, pax 0.1 (in the pax header) and pax 1.0 (before the bytes).
/// </summary>
internal sealed class SparseMap
{
    private const int NumberLength = 12;
    private const int HeaderMap = 386;
    private const int HeaderParts = 4;
    private const int HeaderExtended = 482;
    private const int HeaderSize = 483;
    private const int ExtensionParts = 21;
    private const int ExtensionExtended = 504;

    private readonly List<(long Offset, long Length)> _parts = [];
    private long _size;
    private bool _before;

    /// <summary>The map of pax headers.</summary>
    /// <exception cref="ArchiveException">Of a form that is not known here, or damaged.</exception>
    public static SparseMap OfPax(PaxRecords pax)
    {
        SparseMap map = new() { _size = Decimal(pax.Find("GNU.sparse.realsize") ?? pax.Find("GNU.sparse.size")) };
        if (pax.Find("GNU.sparse.map") is { } listed)
        {
            long[] numbers = [.. listed.Split(',').Select(Decimal)];
            for (int i = 0; i + 1 < numbers.Length; i += 2)
            {
                map.Add(numbers[i], numbers[i + 1]);
            }

            return map;
        }

        map._before = pax.Find("GNU.sparse.major") == "1" && pax.Find("GNU.sparse.minor") == "0";
        return map._before ? map : throw new ArchiveException("a sparse file has a map of a form that is not supported");
    }

    /// <summary>Takes in an old header; true: an extension follows.</summary>
    public bool AddHeader(ReadOnlySpan<byte> block)
    {
        AddParts(block[HeaderMap..], HeaderParts);
        _size = Number(block.Slice(HeaderSize, NumberLength));
        return block[HeaderExtended] != 0;
    }

    /// <summary>Takes in a block behind an old header; true: another one follows.</summary>
    public bool AddExtension(ReadOnlySpan<byte> block)
    {
        AddParts(block, ExtensionParts);
        return block[ExtensionExtended] != 0;
    }

    /// <summary>The file.</summary>
    /// <exception cref="ArchiveException">The map does not fit.</exception>
    public byte[] Spread(ReadOnlySpan<byte> packed)
    {
        if (_before)
        {
            packed = packed[ReadBefore(packed)..];
        }

        if (_size > Limits.ContentBytesMax)
        {
            throw new ArchiveException($"a sparse file has {_size} bytes, at most {Limits.ContentBytesMax} can be");
        }

        if (_size > Limits.RatioFreeBytes)
        {
            RatioGuard.Check(_size, packed.Length);
        }

        byte[] file = new byte[_size];
        foreach ((long offset, long length) in _parts)
        {
            if (length > packed.Length || offset > _size - length)
            {
                throw new ArchiveException("a sparse file's map does not fit its size");
            }

            packed[..(int)length].CopyTo(file.AsSpan((int)offset));
            packed = packed[(int)length..];
        }

        return file;
    }

    /// <summary>Lines of decimal numbers: how many parts, then offset and length of each; filled up to a whole block.</summary>
    /// <returns>Bytes of the map.</returns>
    private int ReadBefore(ReadOnlySpan<byte> packed)
    {
        int at = 0;
        long count = Line(packed, ref at);
        for (long i = 0; i < count; i++)
        {
            long offset = Line(packed, ref at);
            Add(offset, Line(packed, ref at));
        }

        return Math.Min(packed.Length, (at + TarHeader.Length - 1) / TarHeader.Length * TarHeader.Length);
    }

    private static long Line(ReadOnlySpan<byte> packed, ref int at)
    {
        int length = packed[at..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw new ArchiveException("a sparse file's map is cut off");
        }

        long number = Decimal(PathText.Of(packed.Slice(at, Math.Min(length, 20))));
        at += length + 1;
        return number;
    }

    private void AddParts(ReadOnlySpan<byte> numbers, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Add(Number(numbers.Slice(2 * i * NumberLength, NumberLength)), Number(numbers.Slice(((2 * i) + 1) * NumberLength, NumberLength)));
        }
    }

    private void Add(long offset, long length)
    {
        if (length > 0)
        {
            _parts.Add((offset, length));
        }

        if (_parts.Count > Limits.SparsePartsMax)
        {
            throw new ArchiveException($"a sparse file has more than {Limits.SparsePartsMax} parts");
        }
    }

    private static long Number(ReadOnlySpan<byte> field) =>
        TarHeader.TryNumber(field, out long number) && number >= 0 ? number : throw new ArchiveException("a sparse file's map is damaged");

    private static long Decimal(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw new ArchiveException("a sparse file's map is damaged");
}
