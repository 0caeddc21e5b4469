using System.Text;

namespace Actors.TestKit.Servers;

/// <summary>
/// pkt-lines for canned servers (git's documentation, gitprotocol-common, "pkt-line Format"), written here a second time so
/// that a mistake of the code under test does not hide itself.
/// </summary>
public static class Pkt
{
    /// <summary>flush-pkt.</summary>
    public static byte[] Flush => "0000"u8.ToArray();

    /// <summary>delim-pkt.</summary>
    public static byte[] Delim => "0001"u8.ToArray();

    /// <summary>response-end-pkt.</summary>
    public static byte[] ResponseEnd => "0002"u8.ToArray();

    /// <summary>A pkt-line of text, in UTF-8, as it is: a line feed is the caller's.</summary>
    public static byte[] Line(string text) => Line(Encoding.UTF8.GetBytes(text));

    /// <summary>A pkt-line of bytes.</summary>
    public static byte[] Line(ReadOnlySpan<byte> content) => [.. Encoding.ASCII.GetBytes($"{content.Length + 4:x4}"), .. content];

    /// <summary>pkt-lines of one sideband (1: pack, 2: progress, 3: error), cut where they grow too long.</summary>
    public static byte[] Sideband(byte band, ReadOnlySpan<byte> content, int lineBytesMax = 65_515)
    {
        MemoryStream lines = new();
        do
        {
            int length = Math.Min(content.Length, lineBytesMax);
            lines.Write(Line([band, .. content[..length]]));
            content = content[length..];
        }
        while (!content.IsEmpty);
        return lines.ToArray();
    }

    /// <summary>Pieces one after another.</summary>
    public static byte[] Join(params ReadOnlySpan<byte[]> pieces)
    {
        MemoryStream all = new();
        foreach (byte[] piece in pieces)
        {
            all.Write(piece);
        }

        return all.ToArray();
    }
}
