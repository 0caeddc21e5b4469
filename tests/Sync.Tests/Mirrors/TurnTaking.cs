using Actors.TestKit.Clocks;

namespace Actors.Sync.Tests.Mirrors;

/// <summary>Lets several writers go on one call at a time, in an order that a seed chooses; where all wait for the clock, it moves.</summary>
internal sealed class TurnTaking(int writers, Random random)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource?[] _waiting = new TaskCompletionSource?[writers];
    private readonly bool[] _ended = new bool[writers];

    public async Task<T[]> RunAsync<T>(ManualTimeProvider clock, Func<int, Func<string, Task>, Task<T>> work)
    {
        Task<T>[] running = [.. Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            T result = await work(writer, _ => WaitAsync(writer));
            lock (_gate)
            {
                _ended[writer] = true;
            }

            return result;
        }))];
        Task<T[]> all = Task.WhenAll(running);
        while (!all.IsCompleted)
        {
            if (Next(clock) is { } next)
            {
                next();
            }
            else
            {
                await Task.Yield();
            }
        }

        return await all;
    }

    /// <summary>A step for somebody, when all have come to a call or to a look at the clock; null while one computes.</summary>
    private Action? Next(ManualTimeProvider clock)
    {
        lock (_gate)
        {
            int[] ready = [.. Enumerable.Range(0, writers).Where(writer => _waiting[writer] is not null)];
            bool looking = clock.NextTimer is { } next && next - clock.GetUtcNow() <= Limits.MirrorClaimLook;
            bool allReady = ready.Length == writers - _ended.Count(ended => ended);
            if (looking && (ready.Length == 0 || (!allReady && random.Next(2) == 0)))
            {
                return () => clock.AdvanceToNextTimer();
            }

            if (ready.Length == 0 || !(allReady || looking))
            {
                return null;
            }

            int chosen = ready[random.Next(ready.Length)];
            TaskCompletionSource turn = _waiting[chosen]!;
            _waiting[chosen] = null;
            return turn.SetResult;
        }
    }

    private Task WaitAsync(int writer)
    {
        lock (_gate)
        {
            _waiting[writer] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting[writer]!.Task;
        }
    }
}
