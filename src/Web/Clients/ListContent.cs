using System.IO.Compression;
using System.Net;
using System.Text;

namespace Actors.Web.Clients;

/// <summary>A list as a request's body, packed while it is read.</summary>
internal sealed class ListContent : HttpContent
{
    private const int Chunk = 1 << 15;
    private readonly TextReader _list;

    public ListContent(TextReader list)
    {
        _list = list;
        Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        Headers.ContentEncoding.Add("gzip");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // No writer over the gzip: it would flush, and what .NET packs of a flush and nothing else is no gzip.
        await using GZipStream gzip = new(stream, CompressionLevel.Fastest, leaveOpen: true);
        Encoder encoder = Encoding.UTF8.GetEncoder();
        char[] chars = new char[Chunk];
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(Chunk)];
        int read;
        do
        {
            read = await _list.ReadAsync(chars, cancellationToken).ConfigureAwait(false);
            int count = encoder.GetBytes(chars.AsSpan(0, read), bytes, flush: read == 0);
            await gzip.WriteAsync(bytes.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
        while (read > 0);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
