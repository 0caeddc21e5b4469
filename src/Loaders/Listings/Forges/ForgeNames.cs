namespace Actors.Loaders.Listings.Forges;

/// <summary>Forges' addresses and names as a person writes them.</summary>
internal static class ForgeNames
{
    /// <summary>A name as one segment of a path.</summary>
    public static string Segment(string name) => name is "." or ".." or "" ? throw new FormatException($"'{name}' is no name") : Uri.EscapeDataString(name);

    /// <summary>A forge and what is on it: <c>HOST</c>, <c>HOST/GROUP</c>, or an address with its scheme, for a forge below a path or without TLS.</summary>
    /// <param name="text">As it is written.</param>
    /// <param name="api">Where the API is, if that was said; then all of an address's path is the name.</param>
    /// <exception cref="FormatException">Not a host.</exception>
    public static (Uri Forge, string Name) Split(string text, Uri? api)
    {
        Uri given = Address(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text);
        string name = Uri.UnescapeDataString(given.AbsolutePath).Trim('/');
        return (api ?? new Uri(given.GetLeftPart(UriPartial.Authority) + "/"), name);
    }

    /// <summary>An http or https address without credentials.</summary>
    /// <exception cref="FormatException">Something else.</exception>
    public static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.Host.Length > 0 && address.UserInfo.Length == 0
            ? address
            : throw new FormatException($"'{text}' is no http or https address; credentials come from the environment");
}
