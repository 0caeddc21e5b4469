using System.Net;
using System.Net.Http;

namespace Actors.Git.Transport;

/// <summary>Sends an <see cref="HttpBody"/> without copying it.</summary>
internal sealed class HttpBodyContent : HttpContent
{
    private readonly HttpBody _body;

    public HttpBodyContent(HttpBody body)
    {
        _body = body;
        Headers.TryAddWithoutValidation("Content-Type", "application/x-git-upload-pack-request");
        if (body.IsGzip)
        {
            Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_body.Bytes, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Bytes.Length;
        return true;
    }
}
