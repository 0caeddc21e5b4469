using Actors.Store.Listings;

namespace Actors.Loaders.Listings;

/// <summary>Some repositories of a listing.</summary>
public sealed record ListedPage
{
    /// <summary>Each once in this page; over pages a source may repeat one.</summary>
    public required IReadOnlyList<ListedRepository> Repositories { get; init; }

    /// <summary>What a source named that is no repository which could be visited.</summary>
    public IReadOnlyList<RejectedEntry> Rejected { get; init; } = [];

    /// <summary>Where a listing goes on after this page; after the last one, where what is new later will be found. Null: only at the beginning.</summary>
    public string? Cursor { get; init; }

    /// <summary>The source said that there is no more.</summary>
    public bool IsLast { get; init; }
}
