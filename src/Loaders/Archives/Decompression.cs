using System.IO.Compression;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Archives;

/// <summary>
/// Opens one layer of compression. gzip is the runtime's, bzip2 and compress a library's; xz, lzip and zstd are the system's own
/// programs (<c>xz</c>, <c>zstd</c>), which are fast, current, and held to a limit of memory.
/// </summary>
internal static class Decompression
{
    /// <summary>The unpacked bytes, guarded against bombs; owns the packed ones.</summary>
    /// <exception cref="ArchiveException">Not compressed in a way known here.</exception>
    public static Stream Open(ArchiveFormat format, PeekedStream packed, Func<long> packedBytes)
    {
        string memory = $"{Limits.DecoderMebibytesMax}MiB";
        Stream opened = format switch
        {
            ArchiveFormat.Gzip => new GZipStream(packed, CompressionMode.Decompress),
            ArchiveFormat.Bzip2 => new Bzip2Stream(packed),
            ArchiveFormat.Compress => new CompressStream(packed),
            ArchiveFormat.Xz => DecoderProgram.Start("xz", ["-dcq", "--memlimit-decompress=" + memory], packed),
            ArchiveFormat.Lzip => DecoderProgram.Start("xz", ["-dcq", "--format=lzip", "--memlimit-decompress=" + memory], packed),
            ArchiveFormat.Zstd => DecoderProgram.Start("zstd", ["-dcq", "--memory=" + memory], packed),
            _ => throw new ArchiveException("not an archive of a known format"),
        };
        return new RatioGuard(opened, packedBytes);
    }
}
