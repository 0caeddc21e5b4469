namespace Actors.Sync.Campaigns;

/// <summary>A line of a list that names no repository.</summary>
/// <param name="LineNumber">From 1.</param>
/// <param name="Text">Its first <see cref="Limits.RejectedLineCharsMax"/> characters.</param>
/// <param name="Reason">Why not, for a person.</param>
public sealed record RejectedLine(long LineNumber, string Text, string Reason);
