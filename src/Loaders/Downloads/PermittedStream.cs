using Actors.Loaders.Archives;

namespace Actors.Loaders.Downloads;

/// <summary>A download's body, which gives its permit back when it is disposed.</summary>
internal sealed class PermittedStream(Stream inner, FilePermit permit) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (DownloadException e)
        {
            permit.EndFailed(e.Failure);
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (DownloadException e)
        {
            permit.EndFailed(e.Failure);
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            permit.EndServed();
        }

        base.Dispose(disposing);
    }
}
