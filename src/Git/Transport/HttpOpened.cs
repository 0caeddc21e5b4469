using System.Net.Http;
using System.Net.Http.Headers;

namespace Actors.Git.Transport;

/// <summary>An answer whose body is still to be read.</summary>
/// <param name="response">Disposed with this.</param>
/// <param name="body">Decompressed where it was compressed.</param>
/// <param name="isRest">Whether the body begins where was asked for, and not at the beginning.</param>
internal sealed class HttpOpened(HttpResponseMessage response, Stream body, bool isRest) : IDisposable
{
    public Stream Body => body;

    public bool IsRest => isRest;

    public HttpResponseHeaders Headers => response.Headers;

    /// <summary>Where it came from, after redirects.</summary>
    public Uri Address => response.RequestMessage!.RequestUri!;

    public void Dispose() => response.Dispose();
}
