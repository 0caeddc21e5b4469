using System.Globalization;
using System.Text.Json;
using Actors.Loaders.Objects;
using Actors.Loaders.Listings.Pages;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Listings.Forges;

/// <summary>Pages of JSON, as the forges with an API have them.</summary>
internal static class JsonPage
{
    /// <summary>The entries of an array.</summary>
    /// <exception cref="ArchiveException">Not an array of objects.</exception>
    public static JsonElement[] Entries(JsonElement array)
    {
        JsonElement[] entries = array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : throw new ArchiveException("the page is no list");
        return entries.All(entry => entry.ValueKind == JsonValueKind.Object) ? entries : throw new ArchiveException("the page lists something that is no repository");
    }

    /// <summary>The page that a <c>Link</c> header names.</summary>
    public static string? Linked(ListingReply reply) => PageLinks.Next(reply.Link) is { } next ? PageText.NextOf(reply, next) : null;

    /// <summary>The page after this one by number, for servers (or what stands before them) that send no <c>Link</c>: only an empty page is the end then.</summary>
    public static string? Counted(ListingReply reply, int entries)
    {
        int page = int.TryParse(PageText.Parameter(reply.Address.Query, "page"), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 1;
        return entries == 0 ? null : PageText.WithParameter(reply.Address, "page", (page + 1).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A time of an entry.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name) => PageText.TimeOf(element.Text(name));

    /// <summary>A size of an entry that is told in KiB.</summary>
    public static long? Kibibytes(this JsonElement element, string name) => element.Number(name) is >= 0 and < long.MaxValue / 1024 and var size ? size * 1024 : null;

    /// <summary>What stands in a text, or nothing.</summary>
    public static IReadOnlyList<string> AsUrls(this string? text) => text is null ? [] : [text];
}
