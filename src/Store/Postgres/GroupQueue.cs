using System.Threading.Channels;

namespace Actors.Store.Postgres;

/// <summary>
/// Takes work from many callers and does what waits together, so that they share a round trip and a wait for the disk. Alone,
/// an item goes at once; while one group is on its way the next one gathers, and a little longer where that is asked for.
/// </summary>
internal sealed class GroupQueue<T> : IAsyncDisposable
    where T : class
{
    private readonly Channel<T> _waiting;
    private readonly Func<T, int> _weight;
    private readonly Func<List<T>, Task> _run;
    private readonly int _weightMax;
    private readonly TimeSpan _gather;
    private readonly TimeProvider _clock;
    private readonly Task _lanes;

    /// <param name="lanes">Groups on their way at once.</param>
    /// <param name="weightMax">A group takes no further item when it weighs so much.</param>
    /// <param name="weight">What an item weighs.</param>
    /// <param name="run">Does a group. It tells each item's caller how it ended, and throws nothing.</param>
    /// <param name="gather">After a group of several items the next one gathers so long before it goes; zero: it goes as soon as it can.</param>
    /// <param name="clock">For <paramref name="gather"/>.</param>
    public GroupQueue(int lanes, int weightMax, Func<T, int> weight, Func<List<T>, Task> run, TimeSpan gather = default, TimeProvider? clock = null)
    {
        (_weightMax, _weight, _run, _gather, _clock) = (weightMax, weight, run, gather, clock ?? TimeProvider.System);
        _waiting = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = lanes == 1 });
        _lanes = Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(RunAsync)));
    }

    /// <summary>False when the queue was closed.</summary>
    public bool TryAdd(T item) => _waiting.Writer.TryWrite(item);

    /// <summary>Takes no more, and ends when what waits is done.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _waiting.Writer.TryComplete();
        await _lanes.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        List<T> group = [];
        bool many = false;
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            if (many && _gather > TimeSpan.Zero)
            {
                await Task.Delay(_gather, _clock).ConfigureAwait(false);
            }

            int weight = 0;
            while (weight < _weightMax && _waiting.Reader.TryRead(out T? item))
            {
                group.Add(item);
                weight += _weight(item);
            }

            many = group.Count > 1;
            if (group.Count > 0)
            {
                await _run(group).ConfigureAwait(false);
                group.Clear();
            }
        }
    }
}
