using System.Globalization;
using System.Text;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Listings.Pages;

/// <summary>Texts, times and addresses of forges' pages.</summary>
internal static class PageText
{
    /// <summary>A page's text; bytes that are no UTF-8 become marks, for names in old encodings are no reason to read nothing.</summary>
    public static string Of(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>A time as forges write it (ISO 8601, RFC 2822, cgit's), in UTC; null: none that could be.</summary>
    public static DateTimeOffset? TimeOf(string? text)
    {
        if (text is not { Length: >= 8 and <= 64 }
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset time))
        {
            return null;
        }

        // Times are kept as milliseconds since 1970; before git was, or in another age, is no update of a repository.
        return time.Year is >= 1970 and < 2200 ? time : null;
    }

    /// <summary>The path and query to which an address in a page leads; null: to nowhere that could be asked.</summary>
    public static string? PathOf(ListingReply reply, string href) =>
        Uri.TryCreate(reply.Base, href, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.PathAndQuery + address.Fragment is var path && PageCursor.IsPath(path)
            ? path
            : null;

    /// <summary>Likewise for a next page, which must lead somewhere: a list that breaks off has not ended.</summary>
    /// <exception cref="ArchiveException">To nowhere that could be asked.</exception>
    public static string NextOf(ListingReply reply, string href) => PathOf(reply, href) ?? throw new ArchiveException("the page names a next one whose address cannot be");

    /// <summary>A parameter of a query, or null.</summary>
    /// <param name="path">Path, query and mark.</param>
    /// <param name="name">The parameter.</param>
    public static string? Parameter(string path, string name)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal), mark = path.IndexOf('#', StringComparison.Ordinal);
        string text = query < 0 || (mark >= 0 && mark < query) ? "" : path[(query + 1)..(mark < 0 ? path.Length : mark)];
        foreach (string part in text.Split('&', ';'))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && part[..equals] == name)
            {
                return Uri.UnescapeDataString(part[(equals + 1)..].Replace('+', ' '));
            }
        }

        return null;
    }

    /// <summary>The address with a parameter of its query replaced, or added.</summary>
    public static string WithParameter(Uri address, string name, string value)
    {
        IEnumerable<string> others = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != name && !part.StartsWith(name + "=", StringComparison.Ordinal));
        return $"{address.AbsolutePath}?{string.Join('&', others.Append($"{name}={Uri.EscapeDataString(value)}"))}";
    }
}
