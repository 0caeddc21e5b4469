namespace Actors.Sync.ForgeHosts;

/// <summary>Starts leased from a host's rate.</summary>
/// <param name="Count">How many.</param>
/// <param name="Ready">How many of them may be begun at once; below zero: so many must be earned first.</param>
/// <param name="Rate">How many become ready a second; 0: all are ready.</param>
internal readonly record struct LeasedStarts(int Count, double Ready, double Rate);
