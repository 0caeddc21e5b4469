namespace Actors.Store.Index.Ranges;

/// <summary>The right to change the runs of one range.</summary>
/// <param name="Range">Which.</param>
/// <param name="Token">Greater whenever the right is taken anew: who comes with an older one has slept too long, and is refused.</param>
internal readonly record struct IndexLease(int Range, long Token);
