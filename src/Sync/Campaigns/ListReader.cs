namespace Actors.Sync.Campaigns;

/// <summary>
/// Streams a list's lines with their numbers, from 1. Of an over-long line only the first <see cref="Limits.LineCharsKept"/>
/// characters are kept, so that a list without line ends costs no memory. One reader, one caller.
/// </summary>
/// <param name="list">The lines.</param>
/// <param name="linesBefore">Lines of the list that come before these.</param>
/// <param name="isFromElsewhere">The list was sent from another machine.</param>
internal sealed class ListReader(TextReader list, long linesBefore = 0, bool isFromElsewhere = false)
{
    private readonly char[] _buffer = new char[32 << 10];
    private readonly char[] _line = new char[Limits.LineCharsKept];
    private int _next;
    private int _end;
    private int _length;
    private bool _cut;
    private bool _whole;
    private bool _ended;

    /// <summary>Number of the current line; 0 before the first.</summary>
    public long LineNumber { get; private set; } = linesBefore;

    /// <summary>The current line without its line feed, as far as it is kept; valid until the next read.</summary>
    public ReadOnlySpan<char> Line => _line.AsSpan(0, _length);

    /// <summary>The current line, parsed.</summary>
    public ListLine Parse()
    {
        // Of a heads line only the URL counts, and that is in what was kept; the same goes for a comment.
        ReadOnlySpan<char> line = Line;
        return _cut && !line.Contains(';') && !line.Contains('#')
            ? new ListLine { Holds = ListLine.Kind.Rejected, Reason = $"longer than {Limits.LineCharsKept} characters" }
            : ListLine.Parse(line, isFromElsewhere);
    }

    /// <summary>Goes to the next line where it is in memory whole; false: call <see cref="FillAsync"/>.</summary>
    public bool TryNext()
    {
        if (_whole)
        {
            (_length, _cut, _whole) = (0, false, false);
        }

        ReadOnlySpan<char> rest = _buffer.AsSpan(_next, _end - _next);
        int feed = rest.IndexOf('\n');
        Keep(feed < 0 ? rest : rest[..feed]);
        _next = feed < 0 ? _end : _next + feed + 1;
        _whole = feed >= 0;
        LineNumber += _whole ? 1 : 0;
        return _whole;
    }

    /// <summary>Reads on after <see cref="TryNext"/> said false. False: the list has ended.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        // Some readers (a console's) do not hear of cancellation while they wait.
        ValueTask<int> read = list.ReadAsync(_buffer.AsMemory(), cancellationToken);
        (_next, _end) = (0, read.IsCompletedSuccessfully
            ? await read.ConfigureAwait(false)
            : await read.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false));
        if (_end > 0)
        {
            return true;
        }

        _ended = true;
        if (_length == 0)
        {
            return false;
        }

        // A last line without line feed gets one.
        (_buffer[0], _end) = ('\n', 1);
        return true;
    }

    private void Keep(ReadOnlySpan<char> part)
    {
        int room = _line.Length - _length;
        if (part.Length > room)
        {
            _cut = true;
            part = part[..room];
        }

        part.CopyTo(_line.AsSpan(_length));
        _length += part.Length;
    }
}
