using System.Globalization;
using System.Text.Json;
using Actors.Git.Transport;
using Actors.Git.Wire;

namespace Actors.Git.Lfs;

public static partial class LfsBatchCodec
{
    // Ours to set, or able to smuggle another request into the connection.
    private static readonly HashSet<string> RefusedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Content-Length", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Range", "Accept-Encoding", "Proxy-Authorization", "Cookie",
    };

    private static void WriteAnswer(Utf8JsonWriter json, LfsBatchObject given)
    {
        if (given.Error is { } error)
        {
            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
            return;
        }

        // "authenticated": else stock clients ask for a user name before they download.
        json.WriteBoolean("authenticated"u8, true);
        if (given.Download is not { } download)
        {
            return;
        }

        json.WriteStartObject("actions"u8);
        json.WriteStartObject("download"u8);
        json.WriteString("href"u8, download.Address.AbsoluteUri);
        if (download.Headers.Count > 0)
        {
            json.WriteStartObject("header"u8);
            foreach ((string name, string value) in download.Headers)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        if (download.ExpiresAt is { } expires)
        {
            json.WriteString("expires_at"u8, Rfc3339(expires));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static LfsAction? ReadDownload(JsonElement element, Uri server, DateTimeOffset now)
    {
        // Servers before 2015 said "_links" for "actions"; git-lfs takes both.
        if (!(element.TryGetProperty("actions", out JsonElement actions) || element.TryGetProperty("_links", out actions))
            || actions.ValueKind != JsonValueKind.Object || !actions.TryGetProperty("download", out JsonElement download) || download.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string href = TextOf(download, "href") ?? throw Bad("a download without an address");
        if (href.Length > Limits.LfsAddressCharsMax || !Uri.TryCreate(server, href, out Uri? address) || !HttpExchanges.IsAllowed(address, server))
        {
            throw Bad("a download from an address where we do not go");
        }

        return new LfsAction(address, ReadHeaders(download), ReadExpiry(download, now));
    }

    private static List<KeyValuePair<string, string>> ReadHeaders(JsonElement download)
    {
        List<KeyValuePair<string, string>> headers = [];
        if (!download.TryGetProperty("header", out JsonElement header) || header.ValueKind != JsonValueKind.Object)
        {
            return headers;
        }

        foreach (JsonProperty property in header.EnumerateObject())
        {
            string? value = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : null;
            if (value is null || !IsHeader(property.Name, value))
            {
                throw Bad("a header that cannot be");
            }

            if (!RefusedHeaders.Contains(property.Name))
            {
                headers.Add(new(property.Name, value));
            }

            if (headers.Count > Limits.LfsHeadersMax)
            {
                throw new GitFormatException(GitFormatError.OverLimit, $"An LFS download has more than {Limits.LfsHeadersMax} headers.");
            }
        }

        return headers;
    }

    /// <summary>RFC 9110, 5.1 and 5.5.</summary>
    private static bool IsHeader(string name, string value) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
        && value.Length <= Limits.LfsAddressCharsMax && value.All(c => c is '\t' or >= ' ' and < '\x7f');

    /// <summary>"expires_in" is preferred over "expires_at" (docs/api/batch.md).</summary>
    private static DateTimeOffset? ReadExpiry(JsonElement download, DateTimeOffset now)
    {
        if (download.TryGetProperty("expires_in", out JsonElement seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt64(out long count) && count != 0)
        {
            return now.AddSeconds(Math.Clamp(count, int.MinValue, int.MaxValue));
        }

        // Go's zero time stands for none.
        return DateTimeOffset.TryParse(TextOf(download, "expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) && at.Year > 1 ? at : null;
    }

    private static LfsObjectError? ReadError(JsonElement element) =>
        !element.TryGetProperty("error", out JsonElement error) || error.ValueKind != JsonValueKind.Object ? null
            : new LfsObjectError(
                error.TryGetProperty("code", out JsonElement code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out int number) ? number : 0,
                RemoteMessage.Clean(System.Text.Encoding.UTF8.GetBytes(TextOf(error, "message") ?? "")));
}
