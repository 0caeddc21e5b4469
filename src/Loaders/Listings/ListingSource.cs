namespace Actors.Loaders.Listings;

/// <summary>What is to be listed, as a person writes it: a lister's word, a colon, and what it lists (<c>gitlab:salsa.debian.org/debian</c>).</summary>
/// <param name="Scheme">The lister's word.</param>
/// <param name="Argument">What it lists; never empty.</param>
public readonly record struct ListingSource(string Scheme, string Argument)
{
    /// <summary>Parses a source.</summary>
    /// <exception cref="FormatException">No such lister, or nothing after its colon, for a person.</exception>
    public static ListingSource Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon];
        if (!ListingCatalog.Schemes.Contains(scheme))
        {
            throw new FormatException($"'{text}' names no lister: it begins with one of {string.Join(" ", ListingCatalog.Schemes.Select(known => known + ":"))}");
        }

        string argument = text[(colon + 1)..].Trim();
        return argument.Length > 0 && !argument.Any(char.IsControl) ? new ListingSource(scheme, argument) : throw new FormatException($"'{scheme}:' says nothing to list");
    }

    public override string ToString() => $"{Scheme}:{Argument}";
}
