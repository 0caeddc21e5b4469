namespace Actors.Loaders.Archives;

/// <summary>One line of a zip archive's central directory.</summary>
/// <param name="Name">UTF-8 bytes of the name, one character a byte.</param>
/// <param name="Method">0 stored, 8 deflate, 12 bzip2, 14 LZMA.</param>
/// <param name="IsEncrypted">Nobody has the password.</param>
/// <param name="HasEndMark">LZMA: the stream says where it ends.</param>
/// <param name="Crc">CRC-32 of the content.</param>
/// <param name="PackedBytes">Bytes in the archive.</param>
/// <param name="Bytes">Bytes of the content.</param>
/// <param name="Offset">Of the local header.</param>
internal readonly record struct ZipEntry(string Name, int Method, bool IsEncrypted, bool HasEndMark, uint Crc, long PackedBytes, long Bytes, long Offset);
