using System.Text.Json;

namespace Actors.Web.Api;

/// <summary>Why a request was not answered: problem details (RFC 9457, section 3).</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Kind">A word for programs, the end of the problem's type: <c>urn:actors:problem:KIND</c>.</param>
/// <param name="Detail">For a person: what is wrong, and what to do.</param>
public sealed record Problem(int Status, string Kind, string Detail)
{
    /// <summary>Media type (RFC 9457, section 6.1).</summary>
    public const string MediaType = "application/problem+json";

    private const string TypePrefix = "urn:actors:problem:";

    /// <summary>The parameter, header or field of the body that is wrong, or null. Member <c>field</c>.</summary>
    public string? Field { get; init; }

    /// <summary>Whole seconds after which the same request may succeed, or null. Also sent as Retry-After.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Reads what <see cref="ToUtf8"/> wrote; null when it is something else.</summary>
    public static Problem? Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(utf8);
            JsonElement root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.Text("type") is { } type && type.StartsWith(TypePrefix, StringComparison.Ordinal)
                ? new Problem((int)root.Number("status"), type[TypePrefix.Length..], root.Text("detail") ?? "")
                {
                    Field = root.Text("field"),
                    RetryAfterSeconds = root.NumberOrNull("retryAfter") is { } seconds ? (int)seconds : null,
                }
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The document.</summary>
    public byte[] ToUtf8() => ApiJson.ToUtf8(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, TypePrefix + Kind);
        json.WriteString("title"u8, Kind.Replace('-', ' '));
        json.WriteNumber("status"u8, Status);
        json.WriteString("detail"u8, Detail);
        if (Field is { } field)
        {
            json.WriteString("field"u8, field);
        }

        if (RetryAfterSeconds is { } seconds)
        {
            json.WriteNumber("retryAfter"u8, seconds);
        }

        json.WriteEndObject();
    });
}
