namespace Actors.Sync.Campaigns;

/// <summary>Text from a local disk: read where it is asked for, for that takes microseconds, and a thread's change more.</summary>
internal sealed class DiskReader(TextReader inner) : TextReader
{
    public override int Read(Span<char> buffer) => inner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(inner.Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
