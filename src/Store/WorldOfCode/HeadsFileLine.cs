using Actors.Store.Heads;

namespace Actors.Store.WorldOfCode;

/// <summary>What a heads file says: the heads of one repository, or a line that says nothing.</summary>
/// <param name="Number">The line's number, from 1; of the first, where several lines tell of one repository.</param>
/// <param name="Heads">The heads, or null for a bad line.</param>
/// <param name="Error">Why the line is bad, for a person; null for a good one.</param>
public sealed record HeadsFileLine(long Number, ImportedHeads? Heads, string? Error);
