using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>Unpacks an archive of whatever format into a tree, as its bytes come.</summary>
internal static class Archive
{
    /// <summary>Unpacks to the end of the archive.</summary>
    /// <param name="measured">The archive; not disposed here, and perhaps not read to its end.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArchiveException">It cannot be unpacked.</exception>
    public static async Task UnpackAsync(MeasuredStream measured, UnpackTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await UnpackPlainAsync(measured, target, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ArchiveException($"damaged: {e.Message}", e);
        }
    }

    private static async Task UnpackPlainAsync(MeasuredStream measured, UnpackTarget target, CancellationToken cancellationToken)
    {
        PeekedStream packed = new(measured);
        ArchiveFormat format = ArchiveSniffer.Tell((await packed.PeekAsync(ArchiveSniffer.Length, cancellationToken).ConfigureAwait(false)).Span);
        switch (format)
        {
            case ArchiveFormat.Zip:
                await ZipArchive.UnpackAsync(packed, target, cancellationToken).ConfigureAwait(false);
                return;
            case ArchiveFormat.Tar:
                await TarArchive.UnpackAsync(packed, target, cancellationToken).ConfigureAwait(false);
                return;
            default:
                await UnpackCompressedAsync(format, packed, measured, target, cancellationToken).ConfigureAwait(false);
                return;
        }
    }

    private static async Task UnpackCompressedAsync(ArchiveFormat format, PeekedStream packed, MeasuredStream measured, UnpackTarget target, CancellationToken cancellationToken)
    {
        Stream opened = Decompression.Open(format, new PeekedStream(new Borrowed(packed)), () => measured.Count);
        PeekedStream plain = new(opened);
        await using (plain.ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> start = await plain.PeekAsync(ArchiveSniffer.Length, cancellationToken).ConfigureAwait(false);
            if (ArchiveSniffer.Tell(start.Span) != ArchiveFormat.Tar && !(start.Length > 0 && !start.Span.ContainsAnyExcept((byte)0)))
            {
                throw new ArchiveException("not a tar archive inside of its compression");
            }

            await TarArchive.UnpackAsync(plain, target, cancellationToken).ConfigureAwait(false);
            // To the end, so that the compression's own checksum is looked at.
            byte[] rest = new byte[64 << 10];
            while (await plain.ReadAsync(rest, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
    }
}
