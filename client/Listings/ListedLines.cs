using Actors.Loaders.Listings;
using Actors.Store.Listings;

namespace Actors.Client.Listings;

/// <summary>
/// Sources as a campaign's list: a page is asked when the engine wants its lines. How far each is gets saved when its lines are done, that is, visited and
/// recorded. A source that breaks off ends the list, and not the campaign.
/// </summary>
internal sealed class ListedLines : TextReader
{
    private readonly IAsyncEnumerator<(IReadOnlyList<ListedRepository> Repositories, ListingState State)> _pages;
    private readonly IListingStore _store;
    private readonly Queue<(long LinesEnd, ListingState State)> _marks = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop;
    private Task<bool> _asking = Task.FromResult(true);
    private string _lines = "";
    private int _next;
    private long _count;
    private long _done;

    public ListedLines(IAsyncEnumerable<(IReadOnlyList<ListedRepository> Repositories, ListingState State)> pages, IListingStore store, CancellationToken cancellationToken)
    {
        (_store, _stop) = (store, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken));
        _pages = pages.GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>Why the list ended before its sources did, or null.</summary>
    public ListingException? Failure { get; private set; }

    /// <summary>The campaign has done all lines up to this one.</summary>
    public void Done(long lines)
    {
        lock (_gate)
        {
            _done = Math.Max(_done, lines);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
    {
        while (_next == _lines.Length)
        {
            await SaveAsync();
            if (!await AdvanceAsync())
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _lines.Length - _next);
        _lines.AsSpan(_next, count).CopyTo(buffer.Span);
        _next += count;
        return count;
    }

    /// <summary>Saves how far the sources are done, and lets go of them.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        // Whoever stopped reading may have left a question on its way.
        await _asking.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await SaveAsync();
        await _pages.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<bool> AdvanceAsync()
    {
        try
        {
            _asking = _pages.MoveNextAsync().AsTask();
            if (!await _asking)
            {
                return false;
            }
        }
        catch (ListingException e)
        {
            Failure = e;
            return false;
        }

        (IReadOnlyList<ListedRepository> repositories, ListingState state) = _pages.Current;
        (_lines, _next) = (string.Concat(repositories.Select(one => one.Url + "\n")), 0);
        lock (_gate)
        {
            _count += repositories.Count;
            _marks.Enqueue((_count, state));
        }

        return true;
    }

    private async Task SaveAsync()
    {
        Dictionary<string, ListingState> done = new(StringComparer.Ordinal);
        lock (_gate)
        {
            while (_marks.TryPeek(out (long LinesEnd, ListingState State) mark) && mark.LinesEnd <= _done)
            {
                done[mark.State.Source] = mark.State;
                _marks.Dequeue();
            }
        }

        foreach (ListingState state in done.Values)
        {
            await _store.SaveListingAsync(state, CancellationToken.None);
        }
    }
}
