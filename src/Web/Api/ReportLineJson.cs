using System.Runtime.InteropServices;
using System.Text.Json;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Web.Api;

/// <summary>
/// The JSON form of a <see cref="ReportLine"/>: <c>{"number":7,"sync":{…}}</c>, as <see cref="SyncReportJson"/> writes it, or
/// <c>{"number":8,"rejected":{"line":3,"text":"…","reason":"…"}}</c>.
/// </summary>
public static class ReportLineJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, ReportLine line)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(line);
        json.WriteStartObject();
        json.WriteNumber("number"u8, line.Number);
        if (line.Sync is { } sync)
        {
            json.WritePropertyName("sync"u8);
            SyncReportJson.Write(json, sync);
        }

        if (line.Rejected is { } rejected)
        {
            json.WriteStartObject("rejected"u8);
            json.WriteNumber("line"u8, rejected.LineNumber);
            json.WriteString("text"u8, rejected.Text);
            json.WriteString("reason"u8, rejected.Reason);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Parses one line.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static ReportLine Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(utf8);
            JsonElement root = json.RootElement;
            return root.ValueKind != JsonValueKind.Object ? throw new FormatException("A line of a report is not a JSON object.") : new ReportLine
            {
                Number = root.NumberOrNull("number") ?? throw new FormatException("A line of a report has no number."),
                Sync = root.TryGetProperty("sync", out JsonElement sync) ? SyncReportJson.Parse(JsonMarshal.GetRawUtf8Value(sync)) : null,
                Rejected = root.TryGetProperty("rejected", out JsonElement rejected)
                    ? new RejectedLine(rejected.Number("line"), rejected.Text("text") ?? "", rejected.Text("reason") ?? "")
                    : null,
            };
        }
        catch (JsonException e)
        {
            throw new FormatException("A line of a report is not JSON: " + e.Message, e);
        }
    }
}
