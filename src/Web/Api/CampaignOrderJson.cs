using System.Text.Json;
using Actors.Git.Refs;
using Actors.Sync.Campaigns;

namespace Actors.Web.Api;

/// <summary>The JSON form of a <see cref="CampaignOrder"/>; its names are also those of a submission's query.</summary>
public static class CampaignOrderJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, CampaignOrder order)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(order);
        json.WriteStartObject();
        json.WriteString("name"u8, order.Name);
        json.WriteString("refs"u8, order.Refs.Text);
        json.WriteNumber("priority"u8, order.Priority);
        json.WriteNumber("maxAgeSeconds"u8, (long)order.MaxAge.TotalSeconds);
        json.WriteBoolean("ignoreRetryTimes"u8, order.IgnoreRetryTimes);
        json.WriteBoolean("includeParked"u8, order.IncludeParked);
        json.WriteNumber("syncTimeMaxSeconds"u8, (long)order.SyncTimeMax.TotalSeconds);
        json.WriteNumber("packBytesMax"u8, order.PackBytesMax);
        json.WriteEndObject();
    }

    /// <summary>Reads it; what is not there is as in a new order.</summary>
    /// <exception cref="FormatException">A member of another type or out of its range.</exception>
    public static CampaignOrder Read(JsonElement json)
    {
        CampaignOrder order = new();
        return order with
        {
            Name = json.Text("name") ?? order.Name,
            Refs = json.Text("refs") is { } refs ? RefSelection.Parse(refs) : order.Refs,
            Priority = (int)json.Number("priority"),
            MaxAge = Seconds(json, "maxAgeSeconds") ?? order.MaxAge,
            IgnoreRetryTimes = json.Truth("ignoreRetryTimes", order.IgnoreRetryTimes),
            IncludeParked = json.Truth("includeParked", order.IncludeParked),
            SyncTimeMax = Seconds(json, "syncTimeMaxSeconds") ?? order.SyncTimeMax,
            PackBytesMax = json.NumberOrNull("packBytesMax") ?? order.PackBytesMax,
        };
    }

    private static TimeSpan? Seconds(JsonElement json, string name) => json.NumberOrNull(name) switch
    {
        null => null,
        >= 0 and <= Limits.OrderSecondsMax and var seconds => TimeSpan.FromSeconds(seconds),
        _ => throw new FormatException($"'{name}' is out of its range."),
    };
}
