using System.Buffers.Binary;
using System.IO.Compression;
using Actors.Git.Packs.Compression;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>
/// Unpacks a zip archive as Python's <c>shutil</c> does: modes and links are ignored (a link becomes a file that holds its text),
/// absolute names and names with <c>..</c> anywhere are left out in silence.
/// </summary>
internal static class ZipArchive
{
    private const int LocalLength = 30;
    private const uint LocalMark = 0x04034b50;

    public static async Task UnpackAsync(Stream stream, UnpackTarget target, CancellationToken cancellationToken)
    {
        byte[] zip = await ReadWholeAsync(stream, cancellationToken).ConfigureAwait(false);
        List<ZipEntry> entries = ZipDirectory.Read(zip, out long shift);
        // Of two entries of one name the later is what both give.
        Dictionary<string, int> last = new(StringComparer.Ordinal);
        for (int i = 0; i < entries.Count; i++)
        {
            last[entries[i].Name] = i;
        }

        long unpacked = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            ZipEntry entry = entries[i];
            if (last[entry.Name] != i || entry.Name.StartsWith('/') || entry.Name.Contains("..", StringComparison.Ordinal))
            {
                continue;
            }

            if (entry.Name.EndsWith('/'))
            {
                target.Folder(entry.Name);
                continue;
            }

            unpacked += entry.Bytes;
            RatioGuard.Check(unpacked, zip.Length);
            byte[] content = await ContentAsync(zip, entry, shift, cancellationToken).ConfigureAwait(false);
            await target.FileAsync(entry.Name, executable: false, content, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask<byte[]> ContentAsync(byte[] zip, ZipEntry entry, long shift, CancellationToken cancellationToken)
    {
        if (entry.IsEncrypted)
        {
            throw new ArchiveException($"'{PathText.Show(entry.Name)}' is encrypted");
        }

        if (entry.Bytes > Limits.ContentBytesMax || entry.Bytes < 0)
        {
            throw new ArchiveException($"'{PathText.Show(entry.Name)}' has {entry.Bytes} bytes, at most {Limits.ContentBytesMax} can be");
        }

        MemoryStream packed = new(zip, (int)FindData(zip, entry, shift), (int)entry.PackedBytes, writable: false);
        Stream plain = entry.Method switch
        {
            0 => packed,
            8 => new DeflateStream(packed, CompressionMode.Decompress),
            12 => new Bzip2Stream(new PeekedStream(packed)),
            14 => Lzma(packed, entry),
            _ => throw new ArchiveException($"'{PathText.Show(entry.Name)}' is compressed by method {entry.Method}, which is not supported"),
        };
        await using (plain.ConfigureAwait(false))
        {
            byte[] content = await ExactBytes.ReadAsync(plain, entry.Bytes, cancellationToken).ConfigureAwait(false);
            return Crc(content) == entry.Crc
                ? content
                : throw new ArchiveException($"'{PathText.Show(entry.Name)}' does not have its CRC");
        }
    }

    /// <summary>APPNOTE 5.8.8: two bytes of version, two of length, LZMA's properties, its stream; what the program wants before the stream is properties and length.</summary>
    private static DecoderProgram Lzma(MemoryStream packed, ZipEntry entry)
    {
        byte[] head = new byte[9];
        if (packed.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2)) != 5)
        {
            throw new ArchiveException($"'{PathText.Show(entry.Name)}' has a damaged LZMA header");
        }

        MemoryStream alone = new();
        alone.Write(head.AsSpan(4));
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, entry.HasEndMark ? -1 : entry.Bytes);
        alone.Write(length);
        packed.CopyTo(alone);
        alone.Position = 0;
        return DecoderProgram.Start("xz", ["-dcq", "--format=lzma", $"--memlimit-decompress={Limits.DecoderMebibytesMax}MiB"], alone);
    }

    private static unsafe uint Crc(byte[] content)
    {
        fixed (byte* start = content)
        {
            return start == null ? 0 : ZlibLibrary.Current.Crc32(0, start, content.Length);
        }
    }

    private static long FindData(ReadOnlySpan<byte> zip, ZipEntry entry, long shift)
    {
        long at = entry.Offset + shift;
        if (at < 0 || at > zip.Length - LocalLength || BinaryPrimitives.ReadUInt32LittleEndian(zip[(int)at..]) != LocalMark)
        {
            throw new ArchiveException($"'{PathText.Show(entry.Name)}' is not where the zip archive's directory says");
        }

        ReadOnlySpan<byte> local = zip[(int)at..];
        long data = at + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        return entry.PackedBytes <= zip.Length - data ? data : throw new ArchiveException($"'{PathText.Show(entry.Name)}' ends after the zip archive does");
    }

    private static async Task<byte[]> ReadWholeAsync(Stream stream, CancellationToken cancellationToken)
    {
        MemoryStream whole = new();
        byte[] buffer = new byte[128 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > Limits.ZipBytesMax)
            {
                throw new ArchiveException($"a zip archive of more than {Limits.ZipBytesMax} bytes");
            }
        }

        return whole.ToArray();
    }
}
