using System.Buffers;
using System.Text.Json;
using Actors.Store.Campaigns;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>Lines of a campaign's report as the campaign store keeps them: a sync's JSON (<see cref="SyncReportJson"/>), or a rejected line's, which begins with <c>line</c>.</summary>
public static class StoredReportJson
{
    /// <summary>A sync's line.</summary>
    public static byte[] ToUtf8(SyncReport report) => SyncReportJson.ToUtf8(report);

    /// <summary>A rejected line's.</summary>
    public static byte[] ToUtf8(RejectedLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArrayBufferWriter<byte> buffer = new(256);
        using (Utf8JsonWriter json = new(buffer, SyncReportJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, line.LineNumber);
            json.WriteString("text"u8, line.Text);
            json.WriteString("reason"u8, line.Reason);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a line back.</summary>
    /// <exception cref="FormatException">Neither.</exception>
    public static ReportLine Parse(StoredReportLine stored)
    {
        ReadOnlySpan<byte> utf8 = stored.Line.Span;
        return utf8.StartsWith("{\"line\":"u8)
            ? new ReportLine { Number = stored.Number, Rejected = ParseRejected(utf8) }
            : new ReportLine { Number = stored.Number, Sync = SyncReportJson.Parse(utf8) };
    }

    private static RejectedLine ParseRejected(ReadOnlySpan<byte> utf8)
    {
        (long number, string text, string reason) = (0, "", "");
        Utf8JsonReader json = new(utf8);
        try
        {
            _ = json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                string name = json.GetString()!;
                _ = json.Read();
                switch (name)
                {
                    case "line":
                        number = json.GetInt64();
                        break;
                    case "text":
                        text = json.GetString() ?? "";
                        break;
                    case "reason":
                        reason = json.GetString() ?? "";
                        break;
                    default:
                        json.Skip();
                        break;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FormatException("A rejected line's report is damaged: " + e.Message, e);
        }

        return new RejectedLine(number, text, reason);
    }
}
