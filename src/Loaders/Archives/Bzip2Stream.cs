using Actors.Loaders.Objects;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.BZip2;

namespace Actors.Loaders.Archives;

/// <summary>bzip2, of one or more streams one after the other, as parallel compressors write them.</summary>
internal sealed class Bzip2Stream(PeekedStream packed) : ReadOnlyStream
{
    private BZip2InputStream? _one;

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
            while (count > 0)
            {
                _one ??= new BZip2InputStream(packed) { IsStreamOwner = false };
                int read = _one.Read(buffer, offset, count);
                if (read > 0)
                {
                    return read;
                }

                _one.Dispose();
                _one = null;
                if (packed.PeekByte() != 'B')
                {
                    return 0;
                }
            }

            return 0;
        }
        catch (Exception e) when (e is SharpZipBaseException or IndexOutOfRangeException or ArgumentException or NullReferenceException or EndOfStreamException)
        {
            // The library throws its own arrays' exceptions at some damaged streams.
            throw new ArchiveException($"damaged bzip2: {e.Message}", e);
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
            _one?.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }
}
