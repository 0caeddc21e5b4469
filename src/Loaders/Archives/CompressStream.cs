using Actors.Loaders.Objects;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Lzw;

namespace Actors.Loaders.Archives;

/// <summary>The output of <c>compress</c> (<c>.Z</c>).</summary>
internal sealed class CompressStream(Stream packed) : ReadOnlyStream
{
    private readonly LzwInputStream _lzw = new(packed);

    public override int Read(Span<byte> buffer)
    {
        byte[] bytes = new byte[Math.Min(buffer.Length, 64 << 10)];
        int read = Read(bytes, 0, bytes.Length);
        bytes.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Math.Max(0, _lzw.Read(buffer, offset, count));
        }
        catch (Exception e) when (e is SharpZipBaseException or IndexOutOfRangeException or ArgumentException)
        {
            throw new ArchiveException($"damaged .Z: {e.Message}", e);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lzw.Dispose();
        }

        base.Dispose(disposing);
    }
}
