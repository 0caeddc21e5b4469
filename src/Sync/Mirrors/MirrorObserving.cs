using System.Threading.Channels;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Sync.Mirrors;

/// <summary>Passes the engine's news on, one call at a time with the publishers', and hands them each sync that ended.</summary>
internal sealed class MirrorObserving(IMirrorObserver observer, int mirrors) : ICampaignObserver
{
    private readonly Lock _gate = new();
    private readonly MirrorCounts _counts = new(mirrors);
    private readonly Channel<SyncReport> _ended = Channel.CreateUnbounded<SyncReport>();

    /// <summary>Syncs whose visits are durable.</summary>
    public ChannelReader<SyncReport> Ended => _ended.Reader;

    /// <summary>No more syncs end.</summary>
    public void Complete() => _ended.Writer.TryComplete();

    public void Began(CampaignState campaign, bool resumed)
    {
        lock (_gate)
        {
            observer.Began(campaign, resumed);
        }
    }

    public void LineRejected(long lineNumber, string line, string reason)
    {
        lock (_gate)
        {
            observer.LineRejected(lineNumber, line, reason);
        }
    }

    public void SyncEnded(SyncReport report)
    {
        lock (_gate)
        {
            observer.SyncEnded(report);
        }

        _ = _ended.Writer.TryWrite(report);
    }

    public void Progressed(CampaignProgress progress)
    {
        lock (_gate)
        {
            observer.Progressed(progress);
        }
    }

    public void MirrorBegan()
    {
        lock (_gate)
        {
            _counts.Began();
            observer.MirrorsProgressed(_counts.Read());
        }
    }

    public void MirrorEnded(MirrorReport report)
    {
        lock (_gate)
        {
            _counts.Ended(report);
            observer.MirrorEnded(report);
            observer.MirrorsProgressed(_counts.Read());
        }
    }
}
