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
        await using GZipStream gzip = new(stream, CompressionLevel.Fastest, leaveOpen: true);
        await using StreamWriter text = new(gzip, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Chunk, leaveOpen: true);
        char[] chars = new char[Chunk];
        int read;
        while ((read = await _list.ReadAsync(chars, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await text.WriteAsync(chars.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
