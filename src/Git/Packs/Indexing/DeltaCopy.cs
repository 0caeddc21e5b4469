namespace Actors.Git.Packs.Indexing;

/// <summary>That a delta copied bytes from its base to its result.</summary>
internal readonly record struct DeltaCopy(long To, long From, long Size);
