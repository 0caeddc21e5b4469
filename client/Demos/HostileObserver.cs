using Actors.Client.Screens;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Client.Demos;

/// <summary>Shows a campaign of the hostile demo, and keeps what it reported.</summary>
internal sealed class HostileObserver(CampaignScreen screen) : ICampaignObserver
{
    public List<SyncReport> Reports { get; } = [];

    public void Began(CampaignState campaign, bool resumed)
    {
    }

    public void LineRejected(long lineNumber, string line, string reason) => throw new InvalidOperationException($"The demo's own list has a bad line {lineNumber}: {reason}");

    public void SyncEnded(SyncReport report) => Reports.Add(report);

    public void Progressed(CampaignProgress progress) => screen.Progressed(progress);
}
