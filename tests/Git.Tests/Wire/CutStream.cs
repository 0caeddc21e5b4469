namespace Actors.Git.Tests.Wire;

/// <summary>Gives its bytes in pieces of chosen lengths.</summary>
internal sealed class CutStream(ReadOnlyMemory<byte> bytes, IReadOnlyList<int> cuts) : MemoryStream(bytes.ToArray(), writable: false)
{
    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int length = Math.Min(buffer.Length, cuts[_reads++ % cuts.Count]);
        return ValueTask.FromResult(Read(buffer.Span[..length]));
    }
}
