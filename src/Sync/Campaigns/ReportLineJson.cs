using System.Text.Json;
using Actors.Sync.Repositories;

namespace Actors.Sync.Campaigns;

/// <summary>
/// The one JSON form of a <see cref="ReportLine"/>: <c>{"number":7,</c> and then the fields of <see cref="SyncReportJson"/>, or
/// <c>"rejected":{"line":12,"text":"…","reason":"…"}</c>. Fields are only added.
/// </summary>
public static class ReportLineJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, ReportLine line)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        WriteFields(json, line);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields into an object that the caller began.</summary>
    public static void WriteFields(Utf8JsonWriter json, ReportLine line)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(line);
        json.WriteNumber("number"u8, line.Number);
        if (line.Sync is { } sync)
        {
            SyncReportJson.WriteFields(json, sync);
        }
        else if (line.Rejected is { } rejected)
        {
            json.WriteStartObject("rejected"u8);
            json.WriteNumber("line"u8, rejected.LineNumber);
            json.WriteString("text"u8, rejected.Text);
            json.WriteString("reason"u8, rejected.Reason);
            json.WriteEndObject();
        }
    }

    /// <summary>Parses one object. Fields that are not known are passed over.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static ReportLine Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            (long number, RejectedLine? rejected) = ReadHead(utf8);
            return new ReportLine { Number = number, Rejected = rejected, Sync = rejected is null ? SyncReportJson.Parse(utf8) : null };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("A report's line is not right: " + e.Message, e);
        }
    }

    private static (long Number, RejectedLine? Rejected) ReadHead(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader json = new(utf8);
        long number = 0;
        RejectedLine? rejected = null;
        Demand(json.Read() && json.TokenType == JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("number"u8))
            {
                json.Read();
                number = Number(ref json);
            }
            else if (json.ValueTextEquals("rejected"u8))
            {
                json.Read();
                rejected = ReadRejected(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        Demand(number > 0 && !json.Read());
        return (number, rejected);
    }

    private static RejectedLine ReadRejected(ref Utf8JsonReader json)
    {
        long line = 0;
        string? text = null;
        string? reason = null;
        Demand(json.TokenType == JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isLine = json.ValueTextEquals("line"u8);
            bool isText = json.ValueTextEquals("text"u8);
            bool isReason = json.ValueTextEquals("reason"u8);
            json.Read();
            if (isLine)
            {
                line = Number(ref json);
            }
            else if (isText)
            {
                text = json.GetString();
            }
            else if (isReason)
            {
                reason = json.GetString();
            }
            else
            {
                json.Skip();
            }
        }

        Demand(line > 0 && text is not null && reason is not null);
        return new RejectedLine(line, text!, reason!);
    }

    private static long Number(ref Utf8JsonReader json)
    {
        long number = 0;
        Demand(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number));
        return number;
    }

    private static void Demand(bool holds)
    {
        if (!holds)
        {
            throw new FormatException("A report's line is not right.");
        }
    }
}
