using System.Text.Json;
using Actors.Sync.Engines;

namespace Actors.Web.Api;

/// <summary>The JSON form of a <see cref="SiloView"/>.</summary>
public static class SiloJson
{
    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, SiloView view)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(view);
        json.WriteStartObject();
        json.WriteString("name"u8, view.Name);
        json.WriteString("status"u8, view.Status);
        json.WriteString("version"u8, view.Version);
        json.WriteTime("startedAt"u8, view.StartedAt);
        json.WriteNumberOrNull("cpuShare"u8, view.CpuShare);
        json.WriteNumberOrNull("memoryBytes"u8, view.MemoryBytes);
        json.WriteNumber("activations"u8, view.Activations);
        json.WriteNumber("running"u8, view.Running);
        json.WriteNumber("done"u8, view.Done);
        json.WriteEndObject();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">Not that.</exception>
    public static SiloView Read(JsonElement json) => new()
    {
        Name = json.Text("name") ?? throw new FormatException("A silo has no name."),
        Status = json.Text("status") ?? "",
        Version = json.Text("version") ?? "",
        StartedAt = json.TimeOrNull("startedAt"),
        CpuShare = json.FractionOrNull("cpuShare"),
        MemoryBytes = json.NumberOrNull("memoryBytes"),
        Activations = json.Number("activations"),
        Running = (int)json.Number("running"),
        Done = json.Number("done"),
    };
}
