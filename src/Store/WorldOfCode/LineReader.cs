using System.Buffers;
using System.IO.Pipelines;

namespace Actors.Store.WorldOfCode;

/// <summary>Lines of a stream as bytes, without their ends (LF or CR LF), numbered from 1. A line over the limit is passed over without being held in memory.</summary>
internal sealed class LineReader(Stream input, int lineBytesMax) : IAsyncDisposable
{
    private readonly PipeReader _pipe = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 65536, leaveOpen: true));

    /// <summary>Of the line read last.</summary>
    public long Number { get; private set; }

    /// <summary>The next line, valid for ever; null for one over the limit. False at the end.</summary>
    public async ValueTask<(bool Any, byte[]? Line)> ReadAsync(CancellationToken cancellationToken)
    {
        bool over = false;
        long scanned = 0;
        while (true)
        {
            ReadResult read = await _pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            // What earlier rounds looked through has no end in it.
            SequencePosition? end = buffer.Slice(scanned).PositionOf((byte)'\n');
            bool last = end is null && read.IsCompleted;
            if (last && buffer.IsEmpty && !over)
            {
                return (false, null);
            }

            if (end is not null || last)
            {
                ReadOnlySequence<byte> line = end is { } at ? buffer.Slice(0, at) : buffer;
                byte[]? bytes = over || line.Length > lineBytesMax ? null : WithoutReturn(line);
                _pipe.AdvanceTo(end is { } lf ? buffer.GetPosition(1, lf) : buffer.End);
                Number++;
                return (true, bytes);
            }

            over |= buffer.Length > lineBytesMax;
            scanned = over ? 0 : buffer.Length;
            _pipe.AdvanceTo(over ? buffer.End : buffer.Start, buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private static byte[] WithoutReturn(ReadOnlySequence<byte> line)
    {
        byte[] bytes = line.ToArray();
        return bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
    }
}
