using System.Globalization;
using System.Text.Json;

namespace Actors.Git.Lfs;

/// <summary>Messages of the batch API (docs/api/batch.md), both sides of each. Unknown members are passed over.</summary>
public static partial class LfsBatchCodec
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 16 };

    /// <summary>What a client sends.</summary>
    public static byte[] EncodeRequest(LfsBatchRequest request)
    {
        MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("operation"u8, request.Operation);
            json.WriteStartArray("transfers"u8);
            foreach (string transfer in request.Transfers)
            {
                json.WriteStringValue(transfer);
            }

            json.WriteEndArray();
            json.WriteStartArray("objects"u8);
            foreach (LfsObject wanted in request.Objects)
            {
                json.WriteStartObject();
                WriteObject(json, wanted);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("hash_algo"u8, "sha256");
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>What a server receives.</summary>
    /// <exception cref="GitFormatException">No such message, or more objects than a batch may have.</exception>
    public static LfsBatchRequest DecodeRequest(ReadOnlyMemory<byte> bytes) => Decode(bytes, root =>
    {
        CheckHash(root);
        List<LfsObject> objects = [];
        foreach (JsonElement element in ArrayOf(root, "objects", Limits.LfsBatchObjectsMax))
        {
            objects.Add(ReadObject(element) ?? throw Bad("an object without a SHA-256 as oid, or without a size"));
        }

        List<string> transfers = [];
        if (root.TryGetProperty("transfers", out _))
        {
            foreach (JsonElement element in ArrayOf(root, "transfers", Limits.LfsHeadersMax))
            {
                transfers.Add(element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Bad("a transfer that is no text"));
            }
        }

        return new LfsBatchRequest(TextOf(root, "operation") ?? throw Bad("no operation"), transfers, objects);
    });

    /// <summary>What a server sends.</summary>
    public static byte[] EncodeReply(IEnumerable<LfsBatchObject> objects)
    {
        MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("transfer"u8, "basic");
            json.WriteStartArray("objects"u8);
            foreach (LfsBatchObject given in objects)
            {
                json.WriteStartObject();
                WriteObject(json, given.Object);
                WriteAnswer(json, given);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("hash_algo"u8, "sha256");
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>What a client receives. Objects that were not asked for, or with another size, are left out.</summary>
    /// <param name="bytes">The reply's body.</param>
    /// <param name="server">Where it came from: relative addresses begin there, and https is not left.</param>
    /// <param name="asked">What was asked for.</param>
    /// <param name="now">From which <c>expires_in</c> counts.</param>
    /// <exception cref="GitFormatException">No such message.</exception>
    public static IReadOnlyList<LfsBatchObject> DecodeReply(ReadOnlyMemory<byte> bytes, Uri server, IReadOnlyCollection<LfsObject> asked, DateTimeOffset now) => Decode(bytes, root =>
    {
        CheckHash(root);
        if (TextOf(root, "transfer") is { } transfer && transfer != "basic")
        {
            throw Bad("a transfer adapter that was not offered");
        }

        HashSet<LfsObject> missing = [.. asked];
        List<LfsBatchObject> objects = [];
        foreach (JsonElement element in ArrayOf(root, "objects", Limits.LfsBatchObjectsMax))
        {
            if (ReadObject(element) is { } named && missing.Remove(named))
            {
                objects.Add(new LfsBatchObject(named, ReadDownload(element, server, now), ReadError(element)));
            }
        }

        return objects;
    });

    /// <summary>What a server sends in place of a reply ("Response Errors").</summary>
    public static byte[] EncodeError(string message)
    {
        MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static T Decode<T>(ReadOnlyMemory<byte> bytes, Func<JsonElement, T> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, Reading);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : throw Bad("no object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Invalid: a text that is no Unicode.
            throw new GitFormatException(GitFormatError.Response, "An LFS message is no JSON.", innerException: e);
        }
    }

    /// <summary><c>hash_algo</c>: "If unspecified, the default is sha256".</summary>
    private static void CheckHash(JsonElement root)
    {
        if (TextOf(root, "hash_algo") is { } hash && hash != "sha256")
        {
            throw Bad("a hash other than sha256");
        }
    }

    private static JsonElement.ArrayEnumerator ArrayOf(JsonElement root, string name, int lengthMax)
    {
        if (!root.TryGetProperty(name, out JsonElement array) || array.ValueKind != JsonValueKind.Array)
        {
            throw Bad($"no array '{name}'");
        }

        return array.GetArrayLength() <= lengthMax
            ? array.EnumerateArray()
            : throw new GitFormatException(GitFormatError.OverLimit, $"An LFS message has more than {lengthMax} '{name}'.");
    }

    private static LfsObject? ReadObject(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && LfsOid.TryParse(TextOf(element, "oid"), out LfsOid oid)
            && element.TryGetProperty("size", out JsonElement size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long bytes) && bytes >= 0
            ? new LfsObject(oid, bytes)
            : null;

    private static void WriteObject(Utf8JsonWriter json, LfsObject named)
    {
        json.WriteString("oid"u8, named.Oid.ToString());
        json.WriteNumber("size"u8, named.Size);
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static GitFormatException Bad(string what) => new(GitFormatError.Response, $"An LFS message has {what}.");

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
