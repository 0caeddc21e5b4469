namespace Actors.Loaders.Listings;

/// <summary>How sources are listed.</summary>
public sealed record ListingOptions
{
    /// <summary>Where the API is, in place of the forge's own address: an instance of one's own, a mirror.</summary>
    public Uri? Api { get; init; }

    /// <summary>What stands before a repository's name in its clone address (cgit, gitweb): given this, the repositories' own pages are not asked.</summary>
    public string? ClonePrefix { get; init; }

    /// <summary>Ask for each fork what it is a fork of, where a listing does not say (GitHub); a request each.</summary>
    public bool AskParents { get; init; }

    /// <summary>Where a distribution's archive is, by suite; null where nobody says.</summary>
    public Func<string, Uri?> Archive { get; init; } = static _ => null;
}
