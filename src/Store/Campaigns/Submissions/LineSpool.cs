using System.Buffers.Binary;

namespace Actors.Store.Campaigns.Submissions;

/// <summary>
/// Lines on the disk, in parts by their keys, so that all lines of one repository are in one part, in the order in which they came. One
/// temporary file, which goes with its handle: also when the process is killed. Memory: a buffer a part, and 16 bytes for each block written.
/// </summary>
internal sealed class LineSpool : IDisposable
{
    /// <summary>For a billion lines a part has a million: as many keys as are kept in memory anyway.</summary>
    public const int Parts = 1024;

    /// <summary>With all parts' buffers 16 MB.</summary>
    private const int BlockBytes = 16 << 10;

    private readonly PackedText?[] _open = new PackedText?[Parts];
    private readonly List<(long Offset, int Length)>?[] _blocks = new List<(long, int)>?[Parts];
    private readonly FileStream _file;

    /// <param name="folder">Made when it is not there.</param>
    /// <param name="random">Names the file.</param>
    public LineSpool(string folder, Random random)
    {
        _ = Directory.CreateDirectory(folder);
        _file = new FileStream(
            Path.Combine(folder, $"list-{random.NextInt64():x}.spool"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = 1 << 20 });
    }

    public void Add(Guid key, in SubmittedLine line)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = key.TryWriteBytes(bytes, bigEndian: true, out _);
        int part = BinaryPrimitives.ReadUInt16BigEndian(bytes) % Parts;
        PackedText open = _open[part] ??= new PackedText();
        ChunkLines.Write(open, line.Number, line.Url);
        if (open.Length >= BlockBytes)
        {
            Write(part, open);
        }
    }

    /// <summary>Lines of a part, in order; once.</summary>
    public IEnumerable<ChunkLine> Read(int part)
    {
        if (_open[part] is { Length: > 0 } open)
        {
            Write(part, open);
        }

        (List<(long Offset, int Length)>? blocks, _blocks[part], _open[part]) = (_blocks[part], null, null);
        foreach ((long offset, int length) in blocks ?? [])
        {
            byte[] packed = new byte[length];
            _file.Position = offset;
            _file.ReadExactly(packed);
            foreach (ChunkLine line in Unpack(packed))
            {
                yield return line;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static List<ChunkLine> Unpack(byte[] packed)
    {
        List<ChunkLine> lines = [];
        PackedTextReader reader = PackedTextReader.Unpack(packed);
        while (!reader.Ended)
        {
            lines.Add(ChunkLines.ReadLine(ref reader));
        }

        return lines;
    }

    private void Write(int part, PackedText open)
    {
        byte[] packed = open.Pack();
        _file.Position = _file.Length;
        (_blocks[part] ??= []).Add((_file.Position, packed.Length));
        _file.Write(packed);
        open.Clear();
    }
}
