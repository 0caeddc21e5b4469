using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Web.Api;

/// <summary>The JSON form of a recorded <see cref="Visit"/>. Its repository is said by what surrounds it.</summary>
public static class VisitJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, Visit visit)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(visit);
        json.WriteStartObject();
        json.WriteNumber("number"u8, visit.Number);
        json.WriteTime("startedAt"u8, visit.StartedAt);
        json.WriteString("outcome"u8, visit.Outcome.ToName());
        json.WriteNumberOrNull("campaign"u8, visit.Campaign.Number == 0 ? null : visit.Campaign.Number);
        json.WriteNumber("elapsedMs"u8, visit.ElapsedMs);
        json.WriteText("snapshot"u8, visit.Snapshot?.ToString());
        json.WriteNumber("objects"u8, visit.Objects);
        json.WriteNumber("bytesReceived"u8, visit.BytesReceived);
        json.WriteNumberOrNull("cloneBytes"u8, visit.CloneBytes);
        json.WriteTime("retryAt"u8, visit.RetryAt);
        json.WriteText("movedTo"u8, visit.MovedTo?.ToString());
        json.WriteText("error"u8, visit.Error);
        json.WriteEndObject();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static Visit Read(RepositoryUrl url, JsonElement json) => new()
    {
        Url = url,
        Number = json.Number("number"),
        StartedAt = json.TimeOrNull("startedAt") ?? throw new FormatException("A visit has no startedAt."),
        Outcome = RepositoryJson.ParseOutcome(json.Text("outcome") ?? ""),
        Campaign = new CampaignId(json.Number("campaign")),
        ElapsedMs = json.Number("elapsedMs"),
        Snapshot = json.Text("snapshot") is { } id ? SnapshotId.Parse(id) : null,
        Objects = json.Number("objects"),
        BytesReceived = json.Number("bytesReceived"),
        CloneBytes = json.NumberOrNull("cloneBytes"),
        RetryAt = json.TimeOrNull("retryAt"),
        MovedTo = RepositoryJson.ParseUrl(json.Text("movedTo")),
        Error = json.Text("error"),
    };
}
