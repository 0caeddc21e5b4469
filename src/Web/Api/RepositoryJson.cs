using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Web.Api;

/// <summary>The JSON form of a <see cref="RepositoryState"/>. The digest of its advertisement is not part of it.</summary>
public static class RepositoryJson
{
    /// <summary>Writes the object. A repository that was never visited (imported) has no outcome.</summary>
    public static void Write(Utf8JsonWriter json, RepositoryState state)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(state);
        bool isVisited = state.Visit > 0;
        json.WriteStartObject();
        json.WriteString("url"u8, state.Url.ToString());
        json.WriteString("host"u8, state.Url.Host.ToString());
        json.WriteNumber("visits"u8, state.Visit);
        json.WriteTime("visitedAt"u8, isVisited ? state.VisitedAt : null);
        json.WriteText("outcome"u8, isVisited ? state.Outcome.ToName() : null);
        json.WriteText("snapshot"u8, state.Snapshot?.ToString());
        json.WriteTime("succeededAt"u8, state.SucceededAt);
        json.WriteNumberOrNull("campaign"u8, state.Campaign.Number == 0 ? null : state.Campaign.Number);
        json.WriteNumber("failures"u8, state.Failures);
        json.WriteTime("retryAt"u8, state.RetryAt);
        json.WriteNumberOrNull("cloneBytes"u8, state.CloneBytes);
        json.WriteText("movedTo"u8, state.MovedTo?.ToString());
        json.WriteStartObject("evidence"u8);
        json.WriteTime("absentSince"u8, state.Evidence.AbsentSince);
        json.WriteNumber("absences"u8, state.Evidence.Absences);
        json.WriteBoolean("isParked"u8, state.Evidence.IsParked);
        json.WriteTime("movedSince"u8, state.Evidence.MovedSince);
        json.WriteNumber("sightings"u8, state.Evidence.Sightings);
        json.WriteText("address"u8, state.Evidence.Address?.ToString());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static RepositoryState Read(JsonElement json)
    {
        RepositoryState state = new()
        {
            Url = RepositoryUrl.Parse(json.Text("url") ?? throw new FormatException("A repository has no url.")),
            Visit = json.Number("visits"),
            VisitedAt = json.TimeOrNull("visitedAt") ?? default,
            Outcome = json.Text("outcome") is { } name ? ParseOutcome(name) : default,
            Snapshot = json.Text("snapshot") is { } id ? SnapshotId.Parse(id) : null,
            SucceededAt = json.TimeOrNull("succeededAt"),
            Campaign = new CampaignId(json.Number("campaign")),
            Failures = (int)json.Number("failures"),
            RetryAt = json.TimeOrNull("retryAt"),
            CloneBytes = json.NumberOrNull("cloneBytes"),
            MovedTo = ParseUrl(json.Text("movedTo")),
        };
        return !json.TryGetProperty("evidence", out JsonElement evidence) ? state : state with
        {
            Evidence = new RepositoryEvidence
            {
                AbsentSince = evidence.TimeOrNull("absentSince"),
                Absences = (int)evidence.Number("absences"),
                MovedSince = evidence.TimeOrNull("movedSince"),
                Sightings = (int)evidence.Number("sightings"),
                Address = ParseUrl(evidence.Text("address")),
            },
        };
    }

    /// <summary>An outcome by its name; one that this program does not know is <see cref="Outcome.Failed"/>.</summary>
    internal static Outcome ParseOutcome(string name) => OutcomeNames.All.FirstOrDefault(known => known.ToName() == name, Outcome.Failed);

    internal static RepositoryUrl? ParseUrl(string? text) => text is null ? null : RepositoryUrl.Parse(text);
}
