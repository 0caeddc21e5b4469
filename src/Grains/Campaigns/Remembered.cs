namespace Actors.Grains.Campaigns;

/// <summary>Figures that are gathered at most every few seconds, whoever asks: one gathers, the others wait for it.</summary>
internal sealed class Remembered<T>(TimeProvider clock)
    where T : class
{
    private readonly Lock _gate = new();
    private Task<T>? _last;
    private long _at;

    public async Task<T> ReadAsync(Func<CancellationToken, Task<T>> gather, CancellationToken cancellationToken)
    {
        Task<T> task;
        lock (_gate)
        {
            if (_last is null or { IsFaulted: true } or { IsCanceled: true } || (_last.IsCompleted && clock.GetElapsedTime(_at) > Limits.FiguresAge))
            {
                // Not the caller's token: others wait for the same.
                (_last, _at) = (gather(CancellationToken.None), clock.GetTimestamp());
            }

            task = _last;
        }

        return await task.WaitAsync(cancellationToken);
    }
}
