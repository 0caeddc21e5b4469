using System.Buffers.Text;

namespace Actors.TestKit.Servers;

/// <summary>The chunked bodies of requests.</summary>
internal static class HttpChunks
{
    /// <summary>The whole body and how many bytes it took, or null while some of it has yet to come.</summary>
    public static (byte[] Body, int Taken)? Join(ReadOnlySpan<byte> bytes)
    {
        MemoryStream body = new();
        int at = 0;
        while (true)
        {
            int line = bytes[at..].IndexOf("\r\n"u8);
            if (line < 0 || !Utf8Parser.TryParse(bytes.Slice(at, line), out int length, out _, 'x') || bytes.Length < at + line + 4 + length)
            {
                return null;
            }

            body.Write(bytes.Slice(at + line + 2, length));
            at += line + 4 + length;
            if (length == 0)
            {
                return (body.ToArray(), at);
            }
        }
    }
}
