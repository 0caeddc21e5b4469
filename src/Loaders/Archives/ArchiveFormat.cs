namespace Actors.Loaders.Archives;

/// <summary>How bytes are packed, told by their first bytes: names lie (a <c>.tar.gz</c> may be a plain tar).</summary>
internal enum ArchiveFormat
{
    /// <summary>None of the others.</summary>
    Unknown,
    Tar,
    Zip,
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    Compress,
    Lzip,
}
