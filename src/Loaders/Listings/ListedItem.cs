namespace Actors.Loaders.Listings;

/// <summary>An entry of a page as a forge wrote it, before anything is checked.</summary>
internal sealed record ListedItem
{
    /// <summary>For people, and for a clone prefix.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is cloned, the best first; may be anything.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    public string? Parent { get; init; }

    public long? SizeBytes { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The path and query of its own page, which tells more; null: this is all.</summary>
    public string? Detail { get; init; }

    /// <summary>Why it has no address, where the forge's answer says.</summary>
    public string? Lack { get; init; }

    /// <summary>With what its own page says of where it is cloned.</summary>
    public ListedItem With(IReadOnlyList<string> urls) =>
        this with { Urls = urls, Detail = null, Lack = urls.Count > 0 ? null : "its page names no address to clone it from; --clone PREFIX may" };
}
