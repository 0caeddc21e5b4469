namespace Actors.Sync.Mirrors;

/// <summary>What became of a mirror's objects of Git LFS.</summary>
/// <param name="Brought">Objects that were fetched, verified and written.</param>
/// <param name="Missing">Objects that the source's server does not have or does not give: asking again at once is no use.</param>
/// <param name="Failure">Why others could not be brought, for a person; null: all others are there.</param>
internal sealed record LfsTally(long Brought, long Missing, string? Failure)
{
    public static LfsTally None { get; } = new(0, 0, null);
}
