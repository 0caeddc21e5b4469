using Actors.TestKit.Clocks;

namespace Actors.Sync.Tests.Simulation.Fleets;

/// <summary>Waits for a simulated clock. What is cancelled goes on at once and on the same thread, unlike with <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/>.</summary>
internal static class FleetPauses
{
    public static async Task PauseAsync(this ManualTimeProvider clock, int milliseconds, CancellationToken cancellationToken)
    {
        if (milliseconds <= 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }

        TaskCompletionSource over = new();
        using ITimer timer = clock.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => over.TrySetCanceled(cancellationToken));
        await over.Task;
    }
}
