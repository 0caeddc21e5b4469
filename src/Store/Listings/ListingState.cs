using Actors.Store.Heads;

namespace Actors.Store.Listings;

/// <summary>How far a listing of one source is.</summary>
public sealed record ListingState
{
    /// <summary>Names the listing: <c>gitlab:salsa.debian.org</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Where it goes on, in its lister's own words; null: at the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>Repositories listed so far.</summary>
    public long Repositories { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it came to its end; null: it did not yet.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>As it will be read back.</summary>
    internal ListingState Kept() => this with { StartedAt = HeadTime.Kept(StartedAt), EndedAt = HeadTime.Kept(EndedAt) };
}
