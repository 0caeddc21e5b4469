namespace Actors.Sync.Schedules;

/// <summary>What is due as a campaign's list: lines as they become due. It ends only when its watch says so.</summary>
internal sealed class WatchedList(Watch watch) : TextReader
{
    private string _lines = "";
    private int _next;

    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        if (_next == _lines.Length)
        {
            (_lines, _next) = (string.Concat((await watch.NextAsync(cancellationToken).ConfigureAwait(false)).Select(url => url + "\n")), 0);
        }

        int count = Math.Min(buffer.Length, _lines.Length - _next);
        _lines.AsSpan(_next, count).CopyTo(buffer.Span);
        _next += count;
        return count;
    }
}
