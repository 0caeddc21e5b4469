using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;
using Xunit;

namespace Actors.Sync.Tests.Engines;

/// <summary>Keeps what a campaign told, and checks that calls come one at a time.</summary>
internal sealed class RecordingObserver : ICampaignObserver
{
    private int _calls;

    public CampaignState? Campaign { get; private set; }

    public bool Resumed { get; private set; }

    public List<(long Number, string Line, string Reason)> Rejected { get; } = [];

    public List<SyncReport> Reports { get; } = [];

    public CampaignProgress? Last { get; private set; }

    /// <summary>Called with each report.</summary>
    public Action<SyncReport>? OnReport { get; init; }

    public void Began(CampaignState campaign, bool resumed) => Alone(() => (Campaign, Resumed) = (campaign, resumed));

    public void LineRejected(long lineNumber, string line, string reason) => Alone(() => Rejected.Add((lineNumber, line, reason)));

    public void SyncEnded(SyncReport report) => Alone(() =>
    {
        Reports.Add(report);
        OnReport?.Invoke(report);
    });

    public void Progressed(CampaignProgress progress) => Alone(() => Last = progress);

    private void Alone(Action call)
    {
        Assert.Equal(1, Interlocked.Increment(ref _calls));
        call();
        Interlocked.Decrement(ref _calls);
    }
}
