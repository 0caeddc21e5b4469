using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Actors.Git.Remotes;
using Actors.Store.Heads;
using Actors.Sync.Outcomes;

namespace Actors.Sync.Repositories;

/// <summary>
/// The one JSON form of a <see cref="SyncReport"/>: in reports of the console, in PostgreSQL, over HTTP. One object, camelCase;
/// <c>url</c> and <c>outcome</c> are always there, what is not known is null or left out, fields are only added. Times are UTC
/// in whole seconds. <see cref="SyncReport.CloneBytes"/> and <see cref="SyncReport.Redirects"/> are not part of it.
/// </summary>
public static partial class SyncReportJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly (Outcome Outcome, JsonEncodedText Name)[] Outcomes = [.. OutcomeNames.All.Select(outcome => (outcome, JsonEncodedText.Encode(outcome.ToName())))];

    private static readonly (Rung Rung, JsonEncodedText Name)[] Rungs =
    [
        (Rung.HeadsOnly, JsonEncodedText.Encode("heads-only")),
        (Rung.OwnHeads, JsonEncodedText.Encode("own-heads")),
        (Rung.CommitProbe, JsonEncodedText.Encode("commit-probe")),
        (Rung.MissingBlobs, JsonEncodedText.Encode("missing-blobs")),
        (Rung.SampledHaves, JsonEncodedText.Encode("sampled-haves")),
        (Rung.LegacyProtocol, JsonEncodedText.Encode("legacy-protocol")),
        (Rung.Everything, JsonEncodedText.Encode("everything")),
    ];

    private static readonly (Fault Fault, JsonEncodedText Name)[] Faults =
    [
        (Fault.Repository, JsonEncodedText.Encode("repository")),
        (Fault.Forge, JsonEncodedText.Encode("forge")),
        (Fault.Network, JsonEncodedText.Encode("network")),
        (Fault.Ours, JsonEncodedText.Encode("ours")),
    ];

    /// <summary>For a writer that is to write this form: readable URLs and messages; what is written is right by construction.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object's UTF-8, without line feed.</summary>
    public static byte[] ToUtf8(SyncReport report)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using (Utf8JsonWriter json = new(buffer, WriterOptions))
        {
            Write(json, report);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter json, SyncReport report)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        WriteFields(json, report);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields into an object that the caller began: where a line has more than these.</summary>
    public static void WriteFields(Utf8JsonWriter json, SyncReport report)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(report);
        json.WriteString("url"u8, report.Url.ToString());
        json.WriteString("outcome"u8, report.Outcome.ToName());
        WriteOrNull(json, "snapshot"u8, report.Snapshot?.ToString());
        json.WriteNumber("refs"u8, report.Refs);
        json.WriteNumber("wants"u8, report.Wants);
        json.WriteNumber("haves"u8, report.Haves);
        json.WriteNumber("objects"u8, report.Objects);
        json.WriteNumber("bytesReceived"u8, report.BytesReceived);
        json.WriteNumber("requests"u8, report.Requests);
        json.WriteNumber("elapsedMs"u8, report.ElapsedMs);
        WriteRungs(json, report.Rungs);
        WriteOrNull(json, "movedTo"u8, report.MovedTo?.ToString());
        WriteOrNull(json, "retryAt"u8, report.RetryAt?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        WriteOrNull(json, "fault"u8, report.Fault == Fault.None ? null : NameOf(Faults, report.Fault).Value);
        WriteOrNull(json, "error"u8, report.Error);
    }

    private static void WriteRungs(Utf8JsonWriter json, IReadOnlyList<Rung> rungs)
    {
        if (rungs.Count == 0)
        {
            return;
        }

        json.WriteStartArray("rungs"u8);
        foreach (Rung rung in rungs)
        {
            json.WriteStringValue(NameOf(Rungs, rung));
        }

        json.WriteEndArray();
    }

    private static void WriteOrNull(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
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

    private static JsonEncodedText NameOf<T>((T Value, JsonEncodedText Name)[] names, T value)
        where T : struct, Enum
    {
        foreach ((T named, JsonEncodedText name) in names)
        {
            if (EqualityComparer<T>.Default.Equals(named, value))
            {
                return name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "A value without a name.");
    }
}
