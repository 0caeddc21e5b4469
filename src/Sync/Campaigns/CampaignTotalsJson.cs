using System.Text.Json;

namespace Actors.Sync.Campaigns;

/// <summary>The field <c>totals</c> in the last line of each batch of a report's file.</summary>
internal static class CampaignTotalsJson
{
    public static void WriteField(Utf8JsonWriter json, CampaignTotals totals)
    {
        json.WriteStartObject("totals"u8);
        json.WriteStartArray("outcomes"u8);
        foreach (long count in totals.Outcomes)
        {
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
        json.WriteNumber("rejected"u8, totals.Rejected);
        json.WriteNumber("lastRejected"u8, totals.LastRejected);
        json.WriteNumber("objects"u8, totals.Objects);
        json.WriteNumber("bytesReceived"u8, totals.BytesReceived);
        json.WriteNumber("bytesSaved"u8, totals.BytesSaved);
        json.WriteNumber("requests"u8, totals.Requests);
        json.WriteEndObject();
    }

    /// <summary>The totals in a line, and the number of its batch's first line; null: there are none.</summary>
    /// <exception cref="FormatException">Not right.</exception>
    public static (CampaignTotals Totals, long First)? Parse(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOf("\"totals\":"u8) < 0)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (!document.RootElement.TryGetProperty("totals"u8, out JsonElement totals))
            {
                return null;
            }

            long[] outcomes = new CampaignTotals().Outcomes;
            JsonElement counts = totals.GetProperty("outcomes"u8);
            for (int outcome = 0; outcome < Math.Min(outcomes.Length, counts.GetArrayLength()); outcome++)
            {
                outcomes[outcome] = counts[outcome].GetInt64();
            }

            return (
                new CampaignTotals
                {
                    Outcomes = outcomes,
                    Rejected = totals.GetProperty("rejected"u8).GetInt64(),
                    LastRejected = totals.GetProperty("lastRejected"u8).GetInt64(),
                    Objects = totals.GetProperty("objects"u8).GetInt64(),
                    BytesReceived = totals.GetProperty("bytesReceived"u8).GetInt64(),
                    BytesSaved = totals.GetProperty("bytesSaved"u8).GetInt64(),
                    Requests = totals.GetProperty("requests"u8).GetInt64(),
                },
                document.RootElement.GetProperty("batch"u8).GetInt64());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException("A report's totals are not right: " + e.Message, e);
        }
    }
}
