using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;

namespace Actors.Sync.Engines;

internal sealed partial class CampaignRun
{
    private readonly Heartbeat _keeping;
    private readonly Heartbeat _compacting;

    private async Task KeepAsync()
    {
        long savedAt = _clock.GetTimestamp();
        while (await _keeping.NextAsync().ConfigureAwait(false))
        {
            _observing.Tell(static (observer, run) => observer.Progressed(run.ReadProgress()), this);
            await _room.SaveHostsAsync().ConfigureAwait(false);
            if (_clock.GetElapsedTime(savedAt) >= Limits.PositionPeriod)
            {
                await SaveAsync(ended: false).ConfigureAwait(false);
                savedAt = _clock.GetTimestamp();
            }
        }
    }

    /// <summary>Beside the syncs while they go on, and once at the end, so that many short campaigns do not leave many small packs.</summary>
    private async Task CompactAsync()
    {
        if (_compact is null)
        {
            return;
        }

        bool goesOn;
        do
        {
            goesOn = await _compacting.NextAsync().ConfigureAwait(false);
            try
            {
                await _compact(_stop.Token).ConfigureAwait(false);
            }
            catch (IOException failure)
            {
                // What it could not merge is still there, and syncs need no compaction to be right.
                LogNotCompacted(_log, failure, _campaign.Id.Number);
            }
        }
        while (goesOn && !_stopping);
    }

    private async Task<CampaignState> SaveAsync(bool ended)
    {
        await _room.SaveHostsAsync().ConfigureAwait(false);
        CampaignState state;
        CampaignPosition? position = null;
        lock (_gate)
        {
            if (_journal is not null)
            {
                position = new CampaignPosition(_tally.Copy(), _counts.Duplicates, _counts.Skipped, _reported);
            }

            state = _campaign with
            {
                LinesDone = _tally.LinesDone,
                Outcomes = _counts.SumOutcomes(),
                EndedAt = ended ? _clock.GetUtcNow() : null,
            };
        }

        if (position is not null)
        {
            await _journal!.SaveAsync(position).ConfigureAwait(false);
        }

        await _heads.SaveCampaignAsync(state, CancellationToken.None).ConfigureAwait(false);
        return state;
    }

    private CampaignProgress ReadProgress()
    {
        lock (_gate)
        {
            return new CampaignProgress
            {
                Elapsed = _clock.GetElapsedTime(_beganAt),
                LinesRead = _counts.LinesRead,
                LinesDone = _tally.LinesDone,
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
