using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Actors.Git.Objects;
using Actors.Store.Heads;

namespace Actors.Sync.Mirrors;

/// <summary>The state document as JSON.</summary>
internal static class MirrorStateCodec
{
    /// <summary>A document of a later version, which this one must not touch, says another number.</summary>
    private const int Format = 1;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static byte[] Write(MirrorState state)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteNumber("generation", state.Generation);
        json.WriteBoolean("published", state.IsPublished);
        json.WriteString("source", state.Source);
        json.WriteString("snapshot", state.Snapshot.ToString());
        WriteOrNull(json, "detachedHead", state.DetachedHead?.ToString());
        json.WriteString("at", Text(state.At));
        json.WriteNumber("refs", state.Refs);
        json.WriteNumber("historyRefs", state.HistoryRefs);
        json.WriteNumber("lfsGeneration", state.LfsGeneration);
        json.WriteNumber("lfsMissing", state.LfsMissing);
        WritePacks(json, state);
        if (state.Bundle is { } bundle)
        {
            json.WriteStartObject("bundle");
            json.WriteString("snapshot", bundle.Snapshot.ToString());
            json.WriteNumber("bytes", bundle.Bytes);
            json.WriteNumber("addedBytes", bundle.AddedBytes);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return [.. bytes.WrittenSpan, (byte)'\n'];
    }

    /// <exception cref="InvalidDataException">No such document.</exception>
    public static MirrorState Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement root = document.RootElement;
            return root.GetProperty("format").GetInt32() == Format
                ? Read(root)
                : throw new InvalidDataException("The mirror's state document has a format that this program does not know.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The mirror's state document is damaged: {e.Message}", e);
        }
    }

    private static MirrorState Read(JsonElement root)
    {
        string source = root.GetProperty("source").GetString() ?? "";
        MirrorState state = new()
        {
            Generation = Count(root, "generation"),
            IsPublished = root.GetProperty("published").GetBoolean(),
            Source = source,
            Snapshot = Snapshot(root),
            DetachedHead = root.GetProperty("detachedHead").GetString() is { } oid ? Oid.Parse(oid) : null,
            At = Time(root, "at"),
            Refs = checked((int)Math.Min(Count(root, "refs"), int.MaxValue)),
            HistoryRefs = checked((int)Math.Min(Count(root, "historyRefs"), int.MaxValue)),
            LfsGeneration = Count(root, "lfsGeneration"),
            LfsMissing = Count(root, "lfsMissing"),
            Packs = [.. Items(root, "packs").Select(one => new MirrorPack(Name(one), Count(one, "bytes"), Count(one, "indexBytes"), Count(one, "objects")))],
            Retired = [.. Items(root, "retired").Select(one => new RetiredPack(Name(one), Time(one, "at")))],
            Bundle = root.TryGetProperty("bundle", out JsonElement bundle)
                ? new MirrorBundle(Snapshot(bundle), Count(bundle, "bytes"), Count(bundle, "addedBytes"))
                : null,
        };
        return state.Generation > 0 && source.Length is > 0 and <= Limits.MirrorTextCharsMax
            ? state
            : throw new FormatException("its generation or its source cannot be");
    }

    private static void WritePacks(Utf8JsonWriter json, MirrorState state)
    {
        json.WriteStartArray("packs");
        foreach (MirrorPack pack in state.Packs)
        {
            json.WriteStartObject();
            json.WriteString("name", pack.Name.ToString());
            json.WriteNumber("bytes", pack.PackBytes);
            json.WriteNumber("indexBytes", pack.IndexBytes);
            json.WriteNumber("objects", pack.Objects);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("retired");
        foreach (RetiredPack pack in state.Retired)
        {
            json.WriteStartObject();
            json.WriteString("name", pack.Name.ToString());
            json.WriteString("at", Text(pack.At));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOrNull(Utf8JsonWriter json, string name, string? value)
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

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name)
    {
        JsonElement array = parent.GetProperty(name);
        return array.GetArrayLength() <= Limits.MirrorPacksMax ? array.EnumerateArray() : throw new FormatException($"it has too many {name}");
    }

    private static Oid Name(JsonElement one) => Oid.Parse(one.GetProperty("name").GetString());

    private static SnapshotId Snapshot(JsonElement one) => SnapshotId.Parse(one.GetProperty("snapshot").GetString() ?? "");

    private static long Count(JsonElement one, string name) =>
        one.GetProperty(name).GetInt64() is >= 0 and var number ? number : throw new FormatException($"'{name}' is negative");

    internal static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(JsonElement one, string name) => ParseTime(one.GetProperty(name).GetString());

    internal static DateTimeOffset ParseTime(string? text) =>
        DateTimeOffset.ParseExact(text ?? "", TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
