using System.Text.Json;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;

namespace Actors.Web.Api;

/// <summary>The JSON form of a <see cref="CampaignView"/>. Members are only added; times are UTC.</summary>
public static class CampaignJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, CampaignView view)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(view);
        json.WriteStartObject();
        json.WriteNumber("id"u8, view.Id.Number);
        json.WriteString("phase"u8, NameOf(view.Phase));
        json.WriteTime("submittedAt"u8, view.SubmittedAt);
        json.WriteTime("endedAt"u8, view.EndedAt);
        json.WriteNumber("lines"u8, view.Lines);
        json.WritePropertyName("order"u8);
        CampaignOrderJson.Write(json, view.Order);
        json.WritePropertyName("progress"u8);
        CampaignProgressJson.Write(json, view.Progress);
        json.WriteEndObject();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">No campaign: a member is missing, of another type or out of its range.</exception>
    public static CampaignView Read(JsonElement json) => json.ValueKind != JsonValueKind.Object ? throw new FormatException("A campaign is not a JSON object.") : new()
    {
        Id = json.Number("id") is > 0 and var number ? new CampaignId(number) : throw new FormatException("A campaign has no id."),
        Phase = ParsePhase(json.Text("phase") ?? ""),
        SubmittedAt = json.TimeOrNull("submittedAt") ?? throw new FormatException("A campaign has no submittedAt."),
        EndedAt = json.TimeOrNull("endedAt"),
        Lines = json.Number("lines"),
        Order = json.TryGetProperty("order", out JsonElement order) ? CampaignOrderJson.Read(order) : new CampaignOrder(),
        Progress = json.TryGetProperty("progress", out JsonElement progress) ? CampaignProgressJson.Read(progress) : throw new FormatException("A campaign has no progress."),
    };

    /// <summary>A phase's name: <c>submitting running paused done cancelled</c>.</summary>
    public static string NameOf(CampaignPhase phase) => phase switch
    {
        CampaignPhase.Submitting => "submitting",
        CampaignPhase.Running => "running",
        CampaignPhase.Paused => "paused",
        CampaignPhase.Done => "done",
        CampaignPhase.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "Not a phase."),
    };

    /// <summary>The phase of that name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static CampaignPhase ParsePhase(string name) => name switch
    {
        "submitting" => CampaignPhase.Submitting,
        "running" => CampaignPhase.Running,
        "paused" => CampaignPhase.Paused,
        "done" => CampaignPhase.Done,
        "cancelled" => CampaignPhase.Cancelled,
        _ => throw new FormatException($"'{name}' is no phase of a campaign."),
    };
}
