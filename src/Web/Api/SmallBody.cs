using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Actors.Web.Api;

/// <summary>A request's body that is one small JSON object.</summary>
internal static class SmallBody
{
    /// <summary>Reads it; what the reader finds wrong is the caller's fault.</summary>
    public static async Task<T> ReadAsync<T>(ApiCall call, Func<JsonElement, T> read)
    {
        // A page of a foreign site cannot send this type without being asked about first.
        if (!call.Request.HasJsonContentType())
        {
            throw new RequestRefusedException(new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body is JSON: Content-Type application/json.") { Field = "Content-Type" });
        }

        try
        {
            byte[] body = await ReadBytesAsync(call, Limits.SmallBodyBytesMax).ConfigureAwait(false);
            using JsonDocument json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object ? read(json.RootElement) : throw RequestRefusedException.Bad("body", "The body is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw RequestRefusedException.Bad("body", "The body is not JSON: " + e.Message);
        }
        catch (FormatException e)
        {
            throw RequestRefusedException.Bad("body", e.Message);
        }
    }

    /// <summary>All bytes of a body that has at most so many.</summary>
    public static async Task<byte[]> ReadBytesAsync(ApiCall call, int bytesMax)
    {
        using MemoryStream body = new();
        await using CappedStream capped = new(call.Request.Body, bytesMax);
        await capped.CopyToAsync(body, call.Token).ConfigureAwait(false);
        return body.ToArray();
    }
}
