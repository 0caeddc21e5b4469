namespace Actors.Client;

/// <summary>Readers one after the other, as one; a line ends where its reader ends.</summary>
internal sealed class JoinedReader : TextReader
{
    private readonly IEnumerator<TextReader> _readers;
    private TextReader? _current;
    private bool _lineOpen;

    public JoinedReader(IEnumerable<TextReader> readers) => _readers = readers.GetEnumerator();

    public override int Peek() => Advance() ? _current!.Peek() : -1;

    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 1 ? one[0] : -1;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        while (Advance())
        {
            int count = _current!.Read(buffer);
            if (count > 0)
            {
                _lineOpen = buffer[count - 1] != '\n';
                return count;
            }

            _current.Dispose();
            _current = null;
            if (_lineOpen && !buffer.IsEmpty)
            {
                _lineOpen = false;
                buffer[0] = '\n';
                return 1;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
            _readers.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Advance()
    {
        if (_current is null && _readers.MoveNext())
        {
            _current = _readers.Current;
        }

        return _current is not null;
    }
}
