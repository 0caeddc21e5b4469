using Actors.Store.Heads;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Engines;

public sealed partial class LocalBoard
{
    /// <inheritdoc/>
    /// <remarks>Steps, each of which may be the last before a crash: 1. The head store numbers it. 2. The list is durable in its folder. 3. The order is written: from now on it is submitted.</remarks>
    public async Task<CampaignId> SubmitAsync(CampaignOrder order, Stream list, CancellationToken cancellationToken)
    {
        CampaignTurns.Check(order);
        ArgumentNullException.ThrowIfNull(list);
        CampaignState state = await _heads.BeginCampaignAsync(
            new CampaignState { Key = $"submitted\n{order.Name}", StartedAt = _clock.GetUtcNow() }, cancellationToken).ConfigureAwait(false);
        await StepAsync("numbered").ConfigureAwait(false);
        using CancellationTokenSource submission = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        BoardCampaign campaign = new(state.Id, order, Path.Combine(_options.Folder, state.Id.ToString())) { SubmittedAt = state.StartedAt, Submission = submission };
        try
        {
            Directory.CreateDirectory(campaign.Folder);
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                _campaigns.Add(state.Id.Number, campaign);
            }

            await SpoolAsync(campaign, list, submission.Token).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                _campaigns.Remove(state.Id.Number);
                campaign.Phase = CampaignPhase.Cancelled;
            }

            campaign.Changed.Set();
            await ForgetAsync(campaign.Folder, state).ConfigureAwait(false);
            throw;
        }

        LogSubmitted(_log, state.Id.Number, campaign.Lines);
        campaign.Changed.Set();
        Reconsider();
        return state.Id;
    }

    private async Task SpoolAsync(BoardCampaign campaign, Stream list, CancellationToken cancellationToken)
    {
        long lines = await ListSpool.WriteAsync(
            campaign.Folder, list,
            counted =>
            {
                campaign.Lines = counted;
                campaign.Changed.Set();
            },
            cancellationToken).ConfigureAwait(false);
        await StepAsync("list written").ConfigureAwait(false);
        CampaignView view = campaign.View() with { Phase = CampaignPhase.Running, Lines = lines };
        CampaignFile.Of(view).Write(campaign.Folder);
        Store.Index.DurableFiles.FlushDirectory(_options.Folder);
        lock (_gate)
        {
            (campaign.Phase, campaign.Lines) = (CampaignPhase.Running, lines);
        }

        await StepAsync("order written").ConfigureAwait(false);
    }
}
