using System.IO.Compression;

namespace Actors.Git.Transport;

/// <summary>The bytes of a POST, ready to be sent any number of times.</summary>
/// <param name="Bytes">As sent.</param>
/// <param name="IsGzip">Whether they are compressed (gitprotocol-http allows <c>Content-Encoding: gzip</c>; git's client uses it).</param>
internal sealed record HttpBody(ReadOnlyMemory<byte> Bytes, bool IsGzip)
{
    /// <summary>Compresses what is longer than <see cref="Limits.RequestBytesPlainMax"/>.</summary>
    public static HttpBody Of(ReadOnlyMemory<byte> plain)
    {
        if (plain.Length <= Limits.RequestBytesPlainMax)
        {
            return new HttpBody(plain, false);
        }

        MemoryStream compressed = new(plain.Length / 2);
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain.Span);
        }

        return new HttpBody(compressed.GetBuffer().AsMemory(0, (int)compressed.Length), true);
    }
}
