namespace Actors.Loaders.Debian;

/// <summary>Bytes as lines, each with its line feed; only the last may lack it.</summary>
internal static class TextLines
{
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> text)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        while (!text.IsEmpty)
        {
            int feed = text.Span.IndexOf((byte)'\n');
            int length = feed < 0 ? text.Length : feed + 1;
            lines.Add(text[..length]);
            text = text[length..];
        }

        return lines;
    }

    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        byte[] text = new byte[lines.Sum(line => (long)line.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> line in lines)
        {
            line.Span.CopyTo(text.AsSpan(at));
            at += line.Length;
        }

        return text;
    }
}
