using System.Runtime.CompilerServices;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Sync.Engines;

public sealed partial class LocalBoard
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CampaignView> WatchAsync(CampaignId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BoardCampaign? campaign = Find(id);
        while (campaign is not null)
        {
            long version = campaign.Changed.Version;
            CampaignView view;
            lock (_gate)
            {
                view = campaign.View();
            }

            yield return view;
            if (view.Phase is CampaignPhase.Done or CampaignPhase.Cancelled)
            {
                yield break;
            }

            await campaign.Changed.WaitAsync(version, cancellationToken).ConfigureAwait(false);
            await Task.Delay(Limits.ProgressPeriod, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReportLine> ReadReportAsync(CampaignId id, long after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BoardCampaign? campaign = Find(id);
        while (campaign is not null)
        {
            long version = campaign.Changed.Version;
            bool isOver;
            IEnumerable<ReportLine> lines;
            lock (_gate)
            {
                isOver = campaign.HasEnded && !campaign.IsWorked;
                lines = ReportFile.Read(CampaignJournal.ReportOf(campaign.Folder), after, campaign.Journal?.ReportLast ?? campaign.ReportLast);
            }

            foreach (ReportLine line in lines)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return line;
                after = line.Number;
            }

            if (!follow || isOver)
            {
                yield break;
            }

            await campaign.Changed.WaitAsync(version, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<SyncReport> Failed, IReadOnlyList<SyncReport> Slowest)> ListTroublesAsync(int max, CancellationToken cancellationToken) =>
        Task.FromResult(_troubles.List(max));

    private BoardCampaign? Find(CampaignId id)
    {
        lock (_gate)
        {
            return _campaigns.GetValueOrDefault(id.Number);
        }
    }
}
