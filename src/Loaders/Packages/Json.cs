using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Loaders.Objects;
using Actors.Store.ExtIds;

namespace Actors.Loaders.Packages;

/// <summary>Reading registries' JSON, where anything may be missing or of another kind.</summary>
internal static class Json
{
    /// <summary>Registries nest ten deep, package.json of odd tools some more.</summary>
    private const int DepthMax = 512;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax };

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = DepthMax, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Parses UTF-8, with or without a byte order mark.</summary>
    /// <param name="bytes">The whole text.</param>
    /// <param name="strict">Comments and commas too many are errors, as they are to those who made ids of what they read.</param>
    /// <exception cref="ArchiveException">Not JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> bytes, bool strict = false)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes.Span))
        {
            // The parser looks at texts only when they are asked for.
            throw new ArchiveException("not JSON: not UTF-8");
        }

        try
        {
            bytes = bytes.Span.StartsWith("\ufeff"u8) ? bytes[3..] : bytes;
            CheckNames(bytes.Span);
            using var document = JsonDocument.Parse(bytes, strict ? Strict : Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ArchiveException($"not JSON: {e.Message}", e);
        }
    }

    /// <summary>
    /// A name with half of a surrogate pair, which JSON can write, lets every later look at its object fail: such a text is refused whole. (A value with one is
    /// only no text.) Hardly any text has such an escape, and only those are read twice.
    /// </summary>
    private static void CheckNames(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf("\\ud"u8) < 0 && bytes.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { MaxDepth = DepthMax, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException e)
                {
                    throw new ArchiveException("JSON with a name that is no text", e);
                }
            }
        }
    }

    /// <summary>A property, or a null element.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>A string property, or null.</summary>
    public static string? Text(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.String } value ? TextOf(value) : null;

    /// <summary>A value as Python's <c>str</c> prints it: strings as they are; null where there is none.</summary>
    public static string? Printed(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => TextOf(element),
        JsonValueKind.Number => PythonText.Number(element),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Null => "None",
        JsonValueKind.Array or JsonValueKind.Object => PythonText.Repr(element),
        _ => null,
    };

    /// <summary>A whole number, or null.</summary>
    public static long? Number(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>A digest in hex of so many digits, in lower case; null when it is none.</summary>
    public static string? Hex(this JsonElement element, string name, int digits) =>
        element.Text(name) is { } text && text.Length == digits && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;

    /// <summary>An absolute http(s) address, or null.</summary>
    public static Uri? Address(this JsonElement element, string name) => AddressOf(element.Text(name));

    public static Uri? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address : null;

    /// <summary>The external id of a manifest: SHA-256 of its text.</summary>
    public static ExtId Manifest(string type, string text) => new(type, 0, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Half of a surrogate pair, which JSON can write, is no text that could be stored.</summary>
    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
