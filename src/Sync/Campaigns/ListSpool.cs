using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Actors.Store.Index;

namespace Actors.Sync.Campaigns;

/// <summary>
/// A submitted list on disk: gzip in parts that can each be read by themselves, so that a campaign of 100 million lines goes on
/// in the middle without reading what is done. Beside it the parts' places: 16 bytes each (lines before, offset), little-endian.
/// </summary>
internal static class ListSpool
{
    private const int EntryBytes = 16;

    /// <summary>Copies a list; durable and under its name when it returns.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="list">Read to its end.</param>
    /// <param name="counted">Told of the lines so far, now and then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Lines.</returns>
    public static async Task<long> WriteAsync(string folder, Stream list, Action<long> counted, CancellationToken cancellationToken)
    {
        string partial = PathOf(folder) + ".partial";
        using MemoryStream parts = new();
        byte[] buffer = new byte[1 << 16];
        long lines = 0;
        bool inLine = false;
        using (FileStream file = new(partial, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1 << 16))
        {
            GZipStream? part = null;
            long partBytes = 0;
            int read;
            while ((read = await list.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                int from = 0;
                if (part is not null && partBytes >= Limits.ListPartBytes && buffer.AsSpan(0, read).IndexOf((byte)'\n') is >= 0 and var feed)
                {
                    from = feed + 1;
                    part.Write(buffer.AsSpan(0, from));
                    part.Dispose();
                    part = null;
                    lines++;
                }

                lines += buffer.AsSpan(from, read - from).Count((byte)'\n');
                inLine = buffer[read - 1] != (byte)'\n';
                if (from < read)
                {
                    part ??= BeginPart(file, parts, lines - buffer.AsSpan(from, read - from).Count((byte)'\n'), ref partBytes);
                    part.Write(buffer.AsSpan(from, read - from));
                    partBytes += read - from;
                }

                counted(lines);
            }

            part?.Dispose();
            file.Flush(flushToDisk: true);
        }

        DurableFiles.Replace(PartsOf(folder), parts.GetBuffer().AsSpan(0, (int)parts.Length), fsync: true);
        File.Move(partial, PathOf(folder), overwrite: true);
        DurableFiles.FlushDirectory(folder);
        return lines + (inLine ? 1 : 0);
    }

    /// <summary>Opens the list at or before the line after those that are done.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="linesDone">Need not be read.</param>
    /// <param name="linesBefore">Lines that come before the first that is read.</param>
    public static TextReader Open(string folder, long linesDone, out long linesBefore)
    {
        (linesBefore, long offset) = FindPart(File.ReadAllBytes(PartsOf(folder)), linesDone);
        FileStream file = new(PathOf(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        file.Position = offset;
        return new DiskReader(new StreamReader(new GZipStream(file, CompressionMode.Decompress), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, 1 << 16));
    }

    private static GZipStream BeginPart(FileStream file, MemoryStream parts, long linesBefore, ref long partBytes)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt64LittleEndian(entry, linesBefore);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], file.Position);
        parts.Write(entry);
        partBytes = 0;
        return new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
    }

    private static (long Lines, long Offset) FindPart(ReadOnlySpan<byte> parts, long linesDone)
    {
        (long, long) found = (0, 0);
        for (int at = 0; at + EntryBytes <= parts.Length && BinaryPrimitives.ReadInt64LittleEndian(parts[at..]) is var lines && lines <= linesDone; at += EntryBytes)
        {
            found = (lines, BinaryPrimitives.ReadInt64LittleEndian(parts[(at + 8)..]));
        }

        return found;
    }

    private static string PathOf(string folder) => Path.Combine(folder, "list");

    private static string PartsOf(string folder) => Path.Combine(folder, "list.parts");
}
