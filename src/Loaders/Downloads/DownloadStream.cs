using System.Net.Http;
using Actors.Git.Transport;
using Actors.Git.Wire;
using Actors.Loaders.Archives;

namespace Actors.Loaders.Downloads;

/// <summary>A response's body under its deadline; what goes wrong is a <see cref="DownloadException"/>.</summary>
internal sealed class DownloadStream(HttpResponseMessage response, Stream body, Deadline deadline) : ReadOnlyStream
{
    private readonly long? _length = response.Content.Headers.ContentLength;
    private long _count;
    private bool _disposed;

    // Decoders of a library read so; they run on a thread of their own work, and the connection's buffers are ready.
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Pass(body.Read(buffer), buffer.Length);
        }
        catch (Exception e) when (e is not DownloadException && TransportFailures.Explain(e, deadline) is { } failure)
        {
            throw new DownloadException(failure, e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Pass(await deadline.ReadAsync(body, buffer).ConfigureAwait(false), buffer.Length);
        }
        catch (RemoteFailureException e)
        {
            throw new DownloadException(e.Failure, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            response.Dispose();
            deadline.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Pass(int read, int wanted)
    {
        _count += read;
        return read > 0 || wanted == 0 || _length is not { } length || _count == length
            ? read
            : throw new DownloadException(new Git.Remotes.RemoteFailure(Git.Remotes.RemoteFailureKind.CutOff, "The body ends before its length."));
    }
}
