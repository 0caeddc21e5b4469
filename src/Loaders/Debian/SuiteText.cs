using Actors.Loaders.Archives;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Debian;

/// <summary>An index of source packages as it streams by: unpacked, and at its end compared with the digest that its suite lists.</summary>
internal sealed class SuiteText : IAsyncDisposable
{
    private readonly SuiteFile _file;
    private readonly MeasuredStream _measured;
    private readonly Stream _plain;
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private bool _ended;

    private SuiteText(SuiteFile file, MeasuredStream measured, Stream plain) => (_file, _measured, _plain) = (file, measured, plain);

    /// <summary>Over a file as it comes; owned.</summary>
    public static async Task<SuiteText> OpenAsync(SuiteFile file, Stream body, CancellationToken cancellationToken)
    {
        MeasuredStream measured = new(body, Limits.AnswerBytesMax, [file.Algorithm]);
        try
        {
            PeekedStream packed = new(measured);
            ArchiveFormat format = ArchiveSniffer.Tell((await packed.PeekAsync(ArchiveSniffer.Length, cancellationToken).ConfigureAwait(false)).Span);
            return new SuiteText(file, measured, format is ArchiveFormat.Unknown or ArchiveFormat.Tar ? packed : Decompression.Open(format, packed, () => measured.Count));
        }
        catch
        {
            await measured.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The whole text.</summary>
    /// <exception cref="ArchiveException">Too long, or another digest.</exception>
    public async Task<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        MemoryStream whole = new();
        byte[] buffer = new byte[64 << 10];
        int read;
        while ((read = await _plain.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > Limits.AnswerBytesMax)
            {
                throw new ArchiveException($"an index of more than {Limits.AnswerBytesMax} bytes");
            }
        }

        await VerifyAsync(cancellationToken).ConfigureAwait(false);
        return whole.ToArray();
    }

    /// <summary>The next paragraph, valid until the next call; null: the text has ended, and is what the suite listed.</summary>
    /// <exception cref="ArchiveException">A paragraph that is too long, or another digest.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadParagraphAsync(CancellationToken cancellationToken)
    {
        int looked = 0;
        while (true)
        {
            ReadOnlyMemory<byte> rest = _buffer.AsMemory(_start, _end - _start);
            int from = Math.Max(0, looked - 1);
            int blank = rest.Span[from..].IndexOf("\n\n"u8);
            if (blank >= 0)
            {
                _start += from + blank + 2;
                return rest[..(from + blank + 1)];
            }

            looked = rest.Length;
            if (_ended)
            {
                _start = _end;
                return rest.IsEmpty ? default(ReadOnlyMemory<byte>?) : rest;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _plain.DisposeAsync().ConfigureAwait(false);
        await _measured.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= Limits.SourceParagraphBytesMax)
            {
                throw new ArchiveException($"an index with a paragraph of more than {Limits.SourceParagraphBytesMax} bytes");
            }

            Array.Resize(ref _buffer, 2 * _end);
        }

        int read = await _plain.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        if (read == 0)
        {
            await VerifyAsync(cancellationToken).ConfigureAwait(false);
            _ended = true;
        }
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        await _measured.DrainAsync(cancellationToken).ConfigureAwait(false);
        if (_measured.HashOf(_file.Algorithm) != _file.Digest)
        {
            throw new ArchiveException($"an index does not have the {_file.Algorithm.Name} that its suite lists");
        }
    }
}
