using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private readonly Wakeup _keeperWakeup;
    private bool _keeperParked;
    private bool _keepingEnds;

    private async Task KeepAsync()
    {
        using ITimer timer = _clock.CreateTimer(
            static run => ((CampaignRun)run!).WakeKeeper(ends: false), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        long savedAt = _clock.GetTimestamp();
        while (KeeperParks())
        {
            timer.Change(Limits.ProgressPeriod, Timeout.InfiniteTimeSpan);
            await _keeperWakeup.WaitAsync().ConfigureAwait(false);
            _observing.Tell(static (observer, run) => observer.Progressed(run.ReadProgress()), this);
            await SaveHostsAsync().ConfigureAwait(false);
            if (_clock.GetElapsedTime(savedAt) >= Limits.PositionPeriod)
            {
                await SaveAsync(ended: false).ConfigureAwait(false);
                savedAt = _clock.GetTimestamp();
            }
        }
    }

    private bool KeeperParks()
    {
        lock (_gate)
        {
            _keeperParked = !_keepingEnds;
            return _keeperParked;
        }
    }

    private void WakeKeeper(bool ends)
    {
        lock (_gate)
        {
            _keepingEnds |= ends;
            if (!_keeperParked)
            {
                return;
            }

            _keeperParked = false;
        }

        _keeperWakeup.Wake();
    }

    private async Task<CampaignState> SaveAsync(bool ended)
    {
        await SaveHostsAsync().ConfigureAwait(false);
        CampaignState state;
        lock (_gate)
        {
            state = _campaign with
            {
                LinesDone = _tally.LinesDone,
                Outcomes = _counts.SumOutcomes(),
                EndedAt = ended ? _clock.GetUtcNow() : null,
            };
        }

        await _heads.SaveCampaignAsync(state, CancellationToken.None).ConfigureAwait(false);
        return state;
    }

    private Task SaveHostsAsync()
    {
        List<(ForgeHost, long, string?)> changed = [];
        lock (_gate)
        {
            foreach (HostQueue queue in _changedHosts)
            {
                queue.ToBeSaved = false;
                queue.SavedVersion = queue.Policy.Version;
                changed.Add((queue.Host, queue.Policy.SilentUntil, queue.Policy.ToText()));
            }

            _changedHosts.Clear();
        }

        return _memory.SaveAsync(changed, CancellationToken.None);
    }

    private CampaignProgress ReadProgress()
    {
        lock (_gate)
        {
            return new CampaignProgress
            {
                Elapsed = _clock.GetElapsedTime(_beganAt),
                LinesRead = _counts.LinesRead,
                ListEnded = _listEnded,
                Repositories = _counts.Repositories,
                Duplicates = _counts.Duplicates,
                Rejected = _counts.Rejected,
                Skipped = _counts.Skipped,
                Outcomes = _counts.CopyOutcomes(),
                Running = _queues.Running,
                Objects = _counts.Objects,
                BytesReceived = _counts.BytesReceived,
                BytesSaved = _counts.BytesSaved,
                Requests = _counts.Requests,
                Hosts = _queues.ListBusiest(Limits.HostsShownMax, _clock.GetUtcNow().UtcTicks),
            };
        }
    }
}
