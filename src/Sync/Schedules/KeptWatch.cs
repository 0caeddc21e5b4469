using Microsoft.Extensions.Logging;

namespace Actors.Sync.Schedules;

/// <summary>
/// Keeps a watch going in a server. Our own failures (a full disk, a database that is away) stop it for a minute, twice as long each time up to
/// an hour; what is visited beside it goes on meanwhile. Safe for concurrent calls.
/// </summary>
public sealed partial class KeptWatch(Watch watch, TimeProvider clock, ILogger log)
{
    private volatile string? _failure;

    /// <summary>What is kept going.</summary>
    public Watch Watch => watch;

    /// <summary>How it stands.</summary>
    public WatchView View => watch.View with { Failure = _failure };

    /// <summary>It works again.</summary>
    public void GoOn() => _failure = null;

    /// <summary>Runs it until it is cancelled; then the task ends, without an exception. With <see cref="WatchOptions.Once"/> until nothing is due.</summary>
    /// <param name="run">One run: until it is cancelled, or fails. To call <see cref="GoOn"/> when it works.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task KeepAsync(Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            for (int failures = 0; ; failures++)
            {
                long beganAt = clock.GetTimestamp();
                try
                {
                    await run(cancellationToken).ConfigureAwait(false);
                    return;
                }
#pragma warning disable CA1031 // Whatever it is: campaigns go on, and the watch is tried again.
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    // What went well for long is not of the same row.
                    failures = clock.GetElapsedTime(beganAt) > Limits.FailedWatchForgotten ? 0 : failures;
                    TimeSpan pause = Limits.FailedRunPause * Math.Pow(2, Math.Min(failures, 6));
                    _failure = failure.Message;
                    LogFailed(log, failure, clock.GetUtcNow() + pause);
                    await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // How it ends.
        }
    }
}
