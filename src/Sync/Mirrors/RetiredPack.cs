using Actors.Git.Objects;

namespace Actors.Sync.Mirrors;

/// <summary>A pack that the mirror no longer names; its objects are in others. Readers that began earlier may still ask for it.</summary>
/// <param name="Name">Its checksum.</param>
/// <param name="At">Since when nothing names it.</param>
public sealed record RetiredPack(Oid Name, DateTimeOffset At);
