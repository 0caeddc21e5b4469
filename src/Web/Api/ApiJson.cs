using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Actors.Sync.Repositories;

namespace Actors.Web.Api;

/// <summary>How this API writes and reads JSON: camelCase, times in UTC with milliseconds. Readers pass over what they do not know.</summary>
internal static class ApiJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static byte[] ToUtf8(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer, SyncReportJson.WriterOptions))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static void WriteTime(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time) => json.WriteText(name, time is { } at ? Time(at) : null);

    public static void WriteText(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, value);
        }
    }

    public static void WriteNumberOrNull(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteNumberOrNull(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A string; null where it is null or not there.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public static string? Text(this JsonElement json, string name) => !json.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            _ => throw new FormatException($"'{name}' is not a string."),
        };

    /// <summary>A whole number; null where it is null or not there.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public static long? NumberOrNull(this JsonElement json, string name) =>
        !json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : throw new FormatException($"'{name}' is not a whole number.");

    /// <summary>A whole number; 0 where there is none.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public static long Number(this JsonElement json, string name) => json.NumberOrNull(name) ?? 0;

    /// <summary>A number; null where there is none.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public static double? FractionOrNull(this JsonElement json, string name) =>
        !json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number
        : throw new FormatException($"'{name}' is not a number.");

    /// <summary>A truth value; the default where there is none.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public static bool Truth(this JsonElement json, string name, bool otherwise) => !json.TryGetProperty(name, out JsonElement value) ? otherwise
        : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FormatException($"'{name}' is not true or false."),
        };

    /// <summary>A time; null where there is none.</summary>
    /// <exception cref="FormatException">Something else is there.</exception>
    public static DateTimeOffset? TimeOrNull(this JsonElement json, string name) => json.Text(name) is { } text ? ParseTime(text, name) : null;

    /// <summary>ISO 8601 with an offset or Z.</summary>
    /// <exception cref="FormatException">Something else; the message names <paramref name="name"/>.</exception>
    public static DateTimeOffset ParseTime(string text, string name) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : throw new FormatException($"'{name}' is not a time such as 2026-11-21T08:00:00Z.");

    /// <summary>The members of an array; none where it is not there.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
