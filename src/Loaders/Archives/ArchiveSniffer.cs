namespace Actors.Loaders.Archives;

/// <summary>Tells formats by their magic numbers.</summary>
internal static class ArchiveSniffer
{
    /// <summary>Bytes that are looked at: a tar header.</summary>
    public const int Length = TarHeader.Length;

    public static ArchiveFormat Tell(ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x8b, ..] => ArchiveFormat.Gzip,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => ArchiveFormat.Bzip2,
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => ArchiveFormat.Xz,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ArchiveFormat.Zstd,
        [0x1f, 0x9d, ..] => ArchiveFormat.Compress,
        [(byte)'L', (byte)'Z', (byte)'I', (byte)'P', ..] => ArchiveFormat.Lzip,
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => ArchiveFormat.Zip,
        _ => start.Length >= TarHeader.Length && TarHeader.IsSound(start[..TarHeader.Length]) ? ArchiveFormat.Tar : ArchiveFormat.Unknown,
    };
}
