using System.Net.Http;
using Actors.Git.Wire;

namespace Actors.Git.Transport;

/// <summary>A message is a POST, its answer the reply's body (gitprotocol-http, "Smart Service git-upload-pack").</summary>
internal sealed class HttpFetchChannel(HttpTransport transport, HttpVisit visit, Deadline deadline) : FetchChannel
{
    private HttpResponseMessage? _response;
    private PktLineReader? _reader;
    private long _finishedBytes;

    public override bool IsStateless => true;

    public override long BytesReceived => _finishedBytes + (_reader?.BytesRead ?? 0);

    public override async ValueTask<PktLineReader> SendAsync(ReadOnlyMemory<byte> message)
    {
        await EndReplyAsync().ConfigureAwait(false);
        int before = visit.Requests;
        HttpAnswer answer = await transport.PostAsync(visit, HttpBody.Of(message), deadline).ConfigureAwait(false);
        Requests += visit.Requests - before;
        _response = answer.Response ?? throw new RemoteFailureException(answer.Failure!);
        _reader = new PktLineReader(await HttpReplyBytes.OpenAsync(_response, deadline).ConfigureAwait(false), deadline);
        return _reader;
    }

    public override ValueTask DisposeAsync() => EndReplyAsync();

    private async ValueTask EndReplyAsync()
    {
        if (_reader is { } reader)
        {
            try
            {
                // The end of the body, once it was read, frees the connection for the next request.
                await reader.ReadRawAsync(new byte[1]).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RemoteFailureException or OperationCanceledException)
            {
                // Then this connection is lost, and nothing else.
            }

            _finishedBytes += reader.BytesRead;
            reader.Dispose();
            _reader = null;
        }

        _response?.Dispose();
        _response = null;
    }
}
