using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Campaigns;
using Actors.Sync.ForgeHosts;

namespace Actors.Web.Api;

/// <summary>The JSON form of a <see cref="CampaignProgress"/>. Outcomes go by name, those that did not occur are left out.</summary>
public static class CampaignProgressJson
{
    private static readonly int OutcomesCount = OutcomeNames.All.Max(outcome => (int)outcome) + 1;

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, CampaignProgress progress)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(progress);
        json.WriteStartObject();
        json.WriteNumber("elapsedMs"u8, (long)progress.Elapsed.TotalMilliseconds);
        json.WriteNumber("linesRead"u8, progress.LinesRead);
        json.WriteBoolean("listEnded"u8, progress.ListEnded);
        json.WriteNumber("repositories"u8, progress.Repositories);
        json.WriteNumber("duplicates"u8, progress.Duplicates);
        json.WriteNumber("rejected"u8, progress.Rejected);
        json.WriteNumber("skipped"u8, progress.Skipped);
        json.WriteNumber("running"u8, progress.Running);
        json.WriteNumber("objects"u8, progress.Objects);
        json.WriteNumber("bytesReceived"u8, progress.BytesReceived);
        json.WriteNumber("bytesSaved"u8, progress.BytesSaved);
        json.WriteNumber("requests"u8, progress.Requests);
        json.WriteStartObject("outcomes"u8);
        foreach (Outcome outcome in OutcomeNames.All)
        {
            if ((int)outcome < progress.Outcomes.Count && progress.Outcomes[(int)outcome] > 0)
            {
                json.WriteNumber(outcome.ToName(), progress.Outcomes[(int)outcome]);
            }
        }

        json.WriteEndObject();
        json.WriteStartArray("hosts"u8);
        foreach (HostProgress host in progress.Hosts)
        {
            Write(json, host);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads it. An outcome that this program does not know counts as <see cref="Outcome.Failed"/>.</summary>
    /// <exception cref="FormatException">A member of another type.</exception>
    public static CampaignProgress Read(JsonElement json) => new()
    {
        Elapsed = TimeSpan.FromMilliseconds(Math.Clamp(json.Number("elapsedMs"), 0, Limits.OrderSecondsMax * 1000)),
        LinesRead = json.Number("linesRead"),
        ListEnded = json.Truth("listEnded", otherwise: false),
        Repositories = json.Number("repositories"),
        Duplicates = json.Number("duplicates"),
        Rejected = json.Number("rejected"),
        Skipped = json.Number("skipped"),
        Running = (int)json.Number("running"),
        Objects = json.Number("objects"),
        BytesReceived = json.Number("bytesReceived"),
        BytesSaved = json.Number("bytesSaved"),
        Requests = json.Number("requests"),
        Outcomes = ReadOutcomes(json),
        Hosts = [.. json.Items("hosts").Select(ReadHost)],
    };

    private static void Write(Utf8JsonWriter json, HostProgress host)
    {
        json.WriteStartObject();
        json.WriteString("host"u8, host.Host.ToString());
        json.WriteNumber("running"u8, host.Running);
        json.WriteNumber("waiting"u8, host.Waiting);
        json.WriteNumber("done"u8, host.Done);
        json.WriteNumber("throttled"u8, host.Throttled);
        json.WriteTime("silentUntil"u8, host.SilentUntil);
        json.WriteEndObject();
    }

    private static HostProgress ReadHost(JsonElement json) => new(
        ForgeHost.Parse(json.Text("host") ?? ""),
        (int)json.Number("running"),
        json.Number("waiting"),
        json.Number("done"),
        json.Number("throttled"),
        json.TimeOrNull("silentUntil"));

    private static long[] ReadOutcomes(JsonElement json)
    {
        long[] counts = new long[OutcomesCount];
        if (json.TryGetProperty("outcomes", out JsonElement outcomes) && outcomes.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in outcomes.EnumerateObject())
            {
                Outcome outcome = OutcomeNames.All.FirstOrDefault(known => known.ToName() == member.Name, Outcome.Failed);
                counts[(int)outcome] += member.Value.TryGetInt64(out long count) ? count : throw new FormatException($"'{member.Name}' is not a whole number.");
            }
        }

        return counts;
    }
}
