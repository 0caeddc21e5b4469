using System.Buffers.Binary;
using System.Text;
using Actors.Git.Remotes;
using Microsoft.Win32.SafeHandles;

namespace Actors.Sync.ForgeHosts;

/// <summary>
/// Repositories that do not fit in memory, on disk: one file, a chain of chunks for each host, read back in order. In
/// memory are 24 bytes a chunk and the tails, together at most <see cref="Limits.SpoolBufferBytesMax"/> or
/// <see cref="Limits.SpoolChunkBytesMin"/> a host. Bytes read back are not used again: the
/// file is as long as all that was spooled. It has no name, so it ends with the process however that ends. Not thread-safe, but for <see cref="Read"/>.
/// Record: line (8 bytes), length (2 bytes), canonical URL in UTF-8; little-endian.
/// </summary>
internal sealed class HostSpool(string folder) : IDisposable
{
    private const int HeadBytes = 10;

    private SafeFileHandle? _file;
    private long _length;
    private int _chains;

    /// <summary>Adds at the end of a host's chain, which is made when there is none.</summary>
    public SpooledChain Add(SpooledChain? chain, RepositoryUrl url, long line)
    {
        if (chain is null)
        {
            chain = new SpooledChain();
            _chains++;
        }

        string text = url.ToString();
        int bytes = HeadBytes + Encoding.UTF8.GetByteCount(text);
        int chunkBytes = Math.Clamp(Limits.SpoolBufferBytesMax / _chains, Limits.SpoolChunkBytesMin, Limits.SpoolChunkBytesMax);
        if (chain.TailLength > 0 && chain.TailLength + bytes > chunkBytes)
        {
            Write(chain);
        }

        if (chain.TailLength + bytes > chain.Tail.Length)
        {
            byte[] larger = new byte[Math.Max(chain.TailLength + bytes, Math.Min(chunkBytes, Math.Max(256, chain.Tail.Length * 2)))];
            chain.Tail.AsSpan(0, chain.TailLength).CopyTo(larger);
            chain.Tail = larger;
        }

        Span<byte> record = chain.Tail.AsSpan(chain.TailLength, bytes);
        BinaryPrimitives.WriteInt64LittleEndian(record, line);
        BinaryPrimitives.WriteUInt16LittleEndian(record[8..], checked((ushort)(bytes - HeadBytes)));
        Encoding.UTF8.GetBytes(text, record[HeadBytes..]);
        chain.TailLength += bytes;
        chain.TailCount++;
        chain.Count++;
        return chain;
    }

    /// <summary>Takes the oldest chunk off a chain that has one, to be given to <see cref="Read"/>; the chain's count is reduced by its records.</summary>
    public SpooledChunk Take(SpooledChain chain)
    {
        SpooledChunk chunk;
        if (chain.Chunks.TryDequeue(out var stored))
        {
            chunk = new SpooledChunk(stored.Offset, stored.Length, stored.Count, null);
        }
        else
        {
            chunk = new SpooledChunk(0, chain.TailLength, chain.TailCount, chain.Tail);
            (chain.Tail, chain.TailLength, chain.TailCount) = ([], 0, 0);
        }

        chain.Count -= chunk.Count;
        _chains -= chain.Count == 0 ? 1 : 0;
        return chunk;
    }

    /// <summary>Reads a chunk's records, in order. Safe beside the other methods.</summary>
    public void Read(in SpooledChunk chunk, List<(RepositoryUrl Url, long Line)> into)
    {
        byte[] bytes = chunk.Bytes ?? ReadFile(chunk);
        for (ReadOnlySpan<byte> rest = bytes.AsSpan(0, chunk.Length); !rest.IsEmpty;)
        {
            long line = BinaryPrimitives.ReadInt64LittleEndian(rest);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest[8..]);
            into.Add((RepositoryUrl.Parse(Encoding.UTF8.GetString(rest.Slice(HeadBytes, length))), line));
            rest = rest[(HeadBytes + length)..];
        }
    }

    public void Dispose() => _file?.Dispose();

    private byte[] ReadFile(in SpooledChunk chunk)
    {
        byte[] bytes = new byte[chunk.Length];
        for (int read = 0; read < bytes.Length;)
        {
            int more = RandomAccess.Read(_file!, bytes.AsSpan(read), chunk.Offset + read);
            read += more > 0 ? more : throw new EndOfStreamException("The spool of waiting repositories was cut.");
        }

        return bytes;
    }

    private void Write(SpooledChain chain)
    {
        _file ??= Open();
        RandomAccess.Write(_file, chain.Tail.AsSpan(0, chain.TailLength), _length);
        chain.Chunks.Enqueue((_length, chain.TailLength, chain.TailCount));
        _length += chain.TailLength;
        (chain.TailLength, chain.TailCount) = (0, 0);
    }

    private SafeFileHandle Open()
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "waiting.spool");
        SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
        return file;
    }
}
