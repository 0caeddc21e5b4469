using Actors.Store.Heads;
using Actors.Sync.Campaigns;

namespace Actors.Sync.Engines;

/// <summary>A submitted campaign in a board's memory; under the board's lock, but for the signal.</summary>
internal sealed class BoardCampaign(CampaignId id, CampaignOrder order, string folder)
{
    public CampaignId Id { get; } = id;

    public CampaignOrder Order { get; set; } = order;

    public string Folder { get; } = folder;

    public CampaignPhase Phase { get; set; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public long Lines { get; set; }

    public CampaignProgress Progress { get; set; } = new() { Elapsed = TimeSpan.Zero, Outcomes = new CampaignTotals().Outcomes };

    /// <summary>Time that earlier runs took.</summary>
    public TimeSpan ElapsedBefore { get; set; }

    /// <summary>It is begun, or about to be; until it is over, whatever the phase.</summary>
    public bool IsWorked { get; set; }

    /// <summary>Its run, once there is one.</summary>
    public CampaignRun? Run { get; set; }

    public CampaignJournal? Journal { get; set; }

    /// <summary>Lines of the report that may be shown while there is no journal.</summary>
    public long ReportLast { get; set; } = long.MaxValue;

    /// <summary>Failures of its runs in a row: ours, such as a full disk.</summary>
    public int Failures { get; set; }

    /// <summary>After a failure: not before.</summary>
    public DateTimeOffset? GoesOnAt { get; set; }

    /// <summary>What the last run failed with, for a person.</summary>
    public string? Failure { get; set; }

    /// <summary>Ends a submission that is coming in.</summary>
    public CancellationTokenSource? Submission { get; init; }

    /// <summary>Set with each change of what is seen.</summary>
    public ChangeSignal Changed { get; } = new();

    public bool HasEnded => Phase is CampaignPhase.Done or CampaignPhase.Cancelled;

    public CampaignView View() => new()
    {
        Id = Id,
        Order = Order,
        Phase = Phase,
        SubmittedAt = SubmittedAt,
        EndedAt = EndedAt,
        Lines = Lines,
        Progress = Progress,
    };
}
