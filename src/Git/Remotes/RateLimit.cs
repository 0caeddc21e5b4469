namespace Actors.Git.Remotes;

/// <summary>What a host says is left of its budget for us (<c>RateLimit-*</c> headers and their kin).</summary>
/// <param name="Limit">Requests of a window, or null.</param>
/// <param name="Remaining">Requests left of it.</param>
/// <param name="Reset">Until the window ends, or null.</param>
public sealed record RateLimit(long? Limit, long Remaining, TimeSpan? Reset);
