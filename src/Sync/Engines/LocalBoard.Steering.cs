using System.Globalization;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Store.Index;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Engines;

public sealed partial class LocalBoard
{
    private readonly SemaphoreSlim _writing = new(1);

    private string BrakesPath => Path.Combine(_options.Folder, "brakes.json");

    /// <inheritdoc/>
    public async Task<CampaignPhase?> SteerAsync(CampaignId id, CampaignPhase wanted, CancellationToken cancellationToken)
    {
        if (wanted is not (CampaignPhase.Running or CampaignPhase.Paused or CampaignPhase.Cancelled))
        {
            throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "A campaign can be paused, resumed and cancelled.");
        }

        BoardCampaign? campaign;
        bool changed = false;
        CancellationTokenSource? submission = null;
        lock (_gate)
        {
            campaign = _campaigns.GetValueOrDefault(id.Number);
            if (campaign is null)
            {
                return null;
            }

            if (campaign.Phase == CampaignPhase.Submitting)
            {
                submission = wanted == CampaignPhase.Cancelled ? campaign.Submission : null;
            }
            else if (!campaign.HasEnded && campaign.Phase != wanted)
            {
                campaign.Phase = wanted;
                campaign.EndedAt = wanted == CampaignPhase.Cancelled ? _clock.GetUtcNow() : null;
                (campaign.Failures, campaign.GoesOnAt) = (0, null);
                changed = true;
                LogPhase(_log, id.Number, wanted.ToString());
            }
        }

        if (submission is not null)
        {
            await CancelAsync(submission).ConfigureAwait(false);
            return CampaignPhase.Cancelled;
        }

        if (changed)
        {
            await KeepAsync(campaign).ConfigureAwait(false);
            await EndCancelledAsync(campaign).ConfigureAwait(false);
            campaign.Changed.Set();
            Reconsider();
        }

        return campaign.Phase;
    }

    /// <inheritdoc/>
    public async Task<bool> SetPriorityAsync(CampaignId id, int priority, CancellationToken cancellationToken)
    {
        CampaignTurns.CheckPriority(priority);
        BoardCampaign? campaign;
        bool isSubmitted;
        lock (_gate)
        {
            campaign = _campaigns.GetValueOrDefault(id.Number);
            if (campaign is null)
            {
                return false;
            }

            campaign.Order = campaign.Order with { Priority = priority };
            isSubmitted = campaign.Phase != CampaignPhase.Submitting;
            if (campaign.Run is { } run)
            {
                lock (_room.Gate)
                {
                    run.Priority = priority;
                    _room.StirAll(null);
                }
            }
        }

        _room.WakeStirred();
        if (isSubmitted)
        {
            await KeepAsync(campaign).ConfigureAwait(false);
        }

        campaign.Changed.Set();
        Reconsider();
        return true;
    }

    /// <inheritdoc/>
    public async Task BrakeAsync(ForgeHost host, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            DateTimeOffset? kept = until > _clock.GetUtcNow() ? until : null;
            _room.Brake(host, kept);
            WriteBrakes();
            LogBraked(_log, host.ToString(), kept);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static async Task CancelAsync(CancellationTokenSource submission)
    {
        try
        {
            await submission.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It came to its end just now.
        }
    }

    /// <summary>A cancelled campaign that is not being worked ends in the head store too; one that is does so with its run.</summary>
    private async Task EndCancelledAsync(BoardCampaign campaign)
    {
        lock (_gate)
        {
            if (campaign.Phase != CampaignPhase.Cancelled || campaign.IsWorked)
            {
                return;
            }
        }

        CampaignState state = await FindStateAsync(campaign.Id).ConfigureAwait(false);
        await _heads.SaveCampaignAsync(state with { EndedAt = campaign.EndedAt }, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Writes the order anew; an older view never follows a newer one.</summary>
    private async Task KeepAsync(BoardCampaign campaign)
    {
        await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            CampaignFile file;
            lock (_gate)
            {
                file = CampaignFile.Of(campaign.View());
            }

            await StepAsync("order to be kept").ConfigureAwait(false);
            file.Write(campaign.Folder);
            await StepAsync("order kept").ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void WriteBrakes()
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            lock (_room.Gate)
            {
                foreach ((ForgeHost host, long until) in _room.Hosts.Brakes)
                {
                    json.WriteString(host.ToString(), new DateTimeOffset(until, TimeSpan.Zero));
                }
            }

            json.WriteEndObject();
        }

        DurableFiles.Replace(BrakesPath, text.GetBuffer().AsSpan(0, (int)text.Length), fsync: true);
    }

    private void LoadBrakes()
    {
        if (!File.Exists(BrakesPath))
        {
            return;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(BrakesPath));
            foreach (JsonProperty brake in json.RootElement.EnumerateObject())
            {
                _room.Brake(ForgeHost.Parse(brake.Name), brake.Value.GetDateTimeOffset());
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{BrakesPath}' is not right: {e.Message}"), e);
        }
    }
}
