using System.Numerics;

namespace Actors.Sync.Campaigns;

/// <summary>
/// Which lines of a list are done, and how far all are: the position from which a campaign can be resumed. One bit for
/// each line from the first that is not done, so a slow host far back in a list of 100 million costs 12 MB. Not thread-safe.
/// </summary>
internal sealed class LineTally
{
    private const int BitsPerWord = 64;

    private ulong[] _done = new ulong[16];
    private int _first;
    private int _words;
    private long _base;

    /// <param name="linesDone">Lines that are done already, from an earlier run.</param>
    public LineTally(long linesDone) => (_base, LinesDone) = (linesDone, linesDone);

    /// <summary>A tally with lines done beyond the first that is not: bit 0 of word 0 is the line after <paramref name="linesBefore"/>.</summary>
    public LineTally(long linesBefore, ReadOnlySpan<ulong> done)
        : this(linesBefore)
    {
        while (_done.Length < done.Length)
        {
            _done = new ulong[_done.Length * 2];
        }

        done.CopyTo(_done);
        _words = done.Length;
        Advance();
    }

    /// <summary>The line before the first of <see cref="CopyBits"/>.</summary>
    public long Base => _base;

    /// <summary>All lines up to this one are done.</summary>
    public long LinesDone { get; private set; }

    /// <summary>Marks a line, numbered from 1, as done.</summary>
    public void Mark(long line)
    {
        long index = line - _base - 1;
        ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(line));
        int word = checked((int)(index / BitsPerWord));
        while (word >= _words)
        {
            Grow();
        }

        At(word) |= 1UL << (int)(index % BitsPerWord);
        if (line == LinesDone + 1)
        {
            Advance();
        }
    }

    /// <summary>Whether a line, numbered from 1, is done.</summary>
    public bool IsMarked(long line)
    {
        long index = line - _base - 1;
        return index < 0 || (index < (long)_words * BitsPerWord && (At((int)(index / BitsPerWord)) & (1UL << (int)(index % BitsPerWord))) != 0);
    }

    /// <summary>One bit a line from <see cref="Base"/> on, as the constructor reads them.</summary>
    public ulong[] CopyBits()
    {
        ulong[] bits = new ulong[_words];
        for (int word = 0; word < _words; word++)
        {
            bits[word] = At(word);
        }

        return bits;
    }

    /// <summary>The same lines, apart from this one.</summary>
    public LineTally Copy() => new(_base, CopyBits());

    private ref ulong At(int word) => ref _done[(_first + word) & (_done.Length - 1)];

    private void Advance()
    {
        while (_words > 0 && At(0) == ulong.MaxValue)
        {
            At(0) = 0;
            _first = (_first + 1) & (_done.Length - 1);
            _words--;
            _base += BitsPerWord;
        }

        LinesDone = _base + (_words == 0 ? 0 : BitOperations.TrailingZeroCount(~At(0)));
    }

    private void Grow()
    {
        if (_words == _done.Length)
        {
            ulong[] larger = new ulong[_done.Length * 2];
            for (int word = 0; word < _words; word++)
            {
                larger[word] = At(word);
            }

            (_done, _first) = (larger, 0);
        }

        _words++;
    }
}
