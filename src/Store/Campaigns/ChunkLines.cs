using System.Text;
using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>The lines of a chunk, and of a report, as they are kept: number and URL, or text, of each, packed together.</summary>
internal static class ChunkLines
{
    public static void Write(PackedText to, long number, RepositoryUrl url)
    {
        string text = url.ToString();
        Span<byte> bytes = text.Length <= 256 ? stackalloc byte[1024] : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        to.Add(number);
        to.Add(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    /// <exception cref="FormatException">Damaged.</exception>
    public static ChunkLine ReadLine(ref PackedTextReader reader)
    {
        long number = reader.ReadNumber();
        return new ChunkLine(number, RepositoryUrl.Parse(Encoding.UTF8.GetString(reader.ReadText().Span)));
    }

    /// <exception cref="FormatException">Damaged.</exception>
    public static ChunkLine[] Unpack(byte[] packed, int count)
    {
        PackedTextReader reader = PackedTextReader.Unpack(packed);
        ChunkLine[] lines = new ChunkLine[count];
        for (int place = 0; place < count; place++)
        {
            lines[place] = ReadLine(ref reader);
        }

        return reader.Ended ? lines : throw new FormatException("a chunk has more lines than it says");
    }

    public static byte[] PackReport(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        PackedText text = new();
        foreach (ReadOnlyMemory<byte> line in lines)
        {
            text.Add(line.Span);
        }

        return text.Pack();
    }

    /// <exception cref="FormatException">Damaged.</exception>
    public static ReadOnlyMemory<byte>[] UnpackReport(byte[] packed, int count)
    {
        PackedTextReader reader = PackedTextReader.Unpack(packed);
        var lines = new ReadOnlyMemory<byte>[count];
        for (int place = 0; place < count; place++)
        {
            lines[place] = reader.ReadText();
        }

        return lines;
    }
}
