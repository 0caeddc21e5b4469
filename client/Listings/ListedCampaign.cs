using System.Threading.Channels;
using Actors.Client.Screens;
using Actors.Store.Heads;
using Actors.Store.WorldOfCode;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Client.Listings;

/// <summary>Watches a campaign over listed repositories: tells the list how far it is, and writes what failed, and heads, to the files that were asked for.</summary>
internal sealed class ListedCampaign(CampaignScreen screen, ListedLines lines, ListErrors? errors, bool keepsHeads) : ICampaignObserver
{
    private readonly Channel<SyncReport> _succeeded = Channel.CreateUnbounded<SyncReport>(new UnboundedChannelOptions { SingleReader = true });

    public void Began(CampaignState campaign, bool resumed) => screen.Began(campaign, resumed);

    public void LineRejected(long lineNumber, string line, string reason) => screen.LineRejected(lineNumber, line, reason);

    public void SyncEnded(SyncReport report)
    {
        screen.SyncEnded(report);
        if (!report.Outcome.IsSuccess())
        {
            errors?.Write(report.Url.ToString(), report.Outcome.ToName(), report.Error ?? "");
        }
        else if (keepsHeads)
        {
            _ = _succeeded.Writer.TryWrite(report);
        }
    }

    public void Progressed(CampaignProgress progress)
    {
        lines.Done(progress.LinesDone);
        screen.Progressed(progress);
    }

    /// <summary>No more visits come.</summary>
    public void End() => _succeeded.Writer.Complete();

    /// <summary>Writes the heads of each repository that was visited, as <c>url;oid;oid…</c>, until <see cref="End"/>.</summary>
    public async Task WriteHeadsAsync(TextWriter writer, IHeadStore heads)
    {
        await foreach (SyncReport report in _succeeded.Reader.ReadAllAsync(CancellationToken.None))
        {
            Snapshot? snapshot = report.Snapshot is { } id ? await heads.ReadSnapshotAsync(id, CancellationToken.None) : null;
            await writer.WriteLineAsync(HeadsFile.Format(report.Url, snapshot));
        }

        await writer.FlushAsync();
    }
}
