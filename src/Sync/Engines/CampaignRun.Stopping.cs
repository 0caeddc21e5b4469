using System.Runtime.ExceptionServices;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts a loop; its failure, which is ours, is kept, stops the campaign and is thrown at its end.</summary>
    private Task StartAsync(Func<Task> loop)
    {
        return _options.Inline ? GuardAsync() : Task.Run(GuardAsync);

        async Task GuardAsync()
        {
            try
            {
                await loop().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping)
            {
                // Asked for.
            }
#pragma warning disable CA1031 // Whatever it is: the others must stop, and it is thrown again.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
                LogFailed(_log, failure, _campaign.Id.Number);
                Stop(null);
                _running.Cancel();
            }
        }
    }

    /// <summary>Takes up nothing more; what runs ends by itself. The run ends then.</summary>
    public void Pause()
    {
        IsPaused = true;
        Stop(null);
    }

    /// <summary><see cref="Pause"/> was called.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Takes up nothing more; what runs may end within the grace, or by itself.</summary>
    private void Stop(ITimer? grace)
    {
        List<Wakeup> sleepers = [];
        grace?.Change(_options.Grace, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
            sleepers.AddRange(_parked);
            _parked.Clear();
            _room.StirAll(this);
            if (_readerParked)
            {
                _readerParked = false;
                sleepers.Add(_readerWakeup);
            }
        }

        LogStopping(_log, _campaign.Id.Number);
        _compacting.End();
        _stop.Cancel();
        Wake(sleepers);
        _room.WakeStirred();
    }
}
