using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>Ends an archive that unpacks to more than its size can hold: <see cref="Limits.RatioMax"/>, <see cref="Limits.UnpackedBytesMax"/>.</summary>
/// <param name="inner">The unpacked bytes; owned.</param>
/// <param name="packedBytes">How many packed bytes were read so far.</param>
internal sealed class RatioGuard(Stream inner, Func<long> packedBytes) : ReadOnlyStream
{
    private long _count;

    /// <summary>Throws when so many unpacked bytes cannot be meant well.</summary>
    public static void Check(long unpacked, long packed)
    {
        if (unpacked > Limits.UnpackedBytesMax)
        {
            throw new ArchiveException($"unpacks to more than {Limits.UnpackedBytesMax} bytes");
        }

        if (unpacked > Limits.RatioFreeBytes && unpacked / Limits.RatioMax > packed)
        {
            throw new ArchiveException($"unpacks to more than {Limits.RatioMax} times its size");
        }
    }

    public override int Read(Span<byte> buffer) => Pass(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Pass(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Pass(int read)
    {
        _count += read;
        Check(_count, packedBytes());
        return read;
    }
}
