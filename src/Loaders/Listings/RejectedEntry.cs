namespace Actors.Loaders.Listings;

/// <summary>Something that a source listed and that is no repository which could be visited.</summary>
/// <param name="Name">As the source names it.</param>
/// <param name="Reason">Why not, for a person.</param>
public readonly record struct RejectedEntry(string Name, string Reason);
