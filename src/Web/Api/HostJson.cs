using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Sync.ForgeHosts;

namespace Actors.Web.Api;

/// <summary>The JSON form of a <see cref="HostView"/>.</summary>
public static class HostJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, HostView view)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(view);
        json.WriteStartObject();
        json.WriteString("host"u8, view.Host.ToString());
        json.WriteNumber("running"u8, view.Running);
        json.WriteNumber("allowed"u8, view.Allowed);
        json.WriteNumberOrNull("requestsPerSecond"u8, view.RequestsPerSecond);
        json.WriteNumber("waiting"u8, view.Waiting);
        json.WriteNumber("done"u8, view.Done);
        json.WriteNumber("throttled"u8, view.Throttled);
        json.WriteTime("silentUntil"u8, view.SilentUntil);
        json.WriteTime("brakedUntil"u8, view.BrakedUntil);
        json.WriteBoolean("isDown"u8, view.IsDown);
        json.WriteEndObject();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static HostView Read(JsonElement json) => new()
    {
        Host = ForgeHost.Parse(json.Text("host") ?? ""),
        Running = (int)json.Number("running"),
        Allowed = (int)json.Number("allowed"),
        RequestsPerSecond = json.FractionOrNull("requestsPerSecond"),
        Waiting = json.Number("waiting"),
        Done = json.Number("done"),
        Throttled = json.Number("throttled"),
        SilentUntil = json.TimeOrNull("silentUntil"),
        BrakedUntil = json.TimeOrNull("brakedUntil"),
        IsDown = json.Truth("isDown", otherwise: false),
    };
}
