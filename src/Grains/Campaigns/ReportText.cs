using System.Buffers;
using System.Text.Json;
using Actors.Store.Campaigns;
using Actors.Sync.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Grains.Campaigns;

/// <summary>Lines of a campaign's report as the store keeps them: a sync's by <see cref="SyncReportJson"/>, or <c>{"rejected":{"line":12,"text":"…","reason":"…"}}</c>.</summary>
internal static class ReportText
{
    private static ReadOnlySpan<byte> RejectedBegin => "{\"rejected\":"u8;

    public static byte[] Rejected(RejectedLine line)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("rejected"u8);
            json.WriteNumber("line"u8, line.LineNumber);
            json.WriteString("text"u8, line.Text);
            json.WriteString("reason"u8, line.Reason);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">Not such a line.</exception>
    public static ReportLine Read(StoredReportLine line)
    {
        if (!line.Line.Span.StartsWith(RejectedBegin))
        {
            return new ReportLine { Number = line.Number, Sync = SyncReportJson.Parse(line.Line.Span) };
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line.Line);
            JsonElement rejected = document.RootElement.GetProperty("rejected");
            return new ReportLine
            {
                Number = line.Number,
                Rejected = new RejectedLine(rejected.GetProperty("line").GetInt64(), rejected.GetProperty("text").GetString()!, rejected.GetProperty("reason").GetString()!),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("A report's line is not right: " + e.Message, e);
        }
    }
}
