namespace Actors.Sync.Mirrors;

/// <summary>A mirror cannot be published as things are; the message tells a person why.</summary>
internal sealed class MirrorRefusedException(string message) : Exception(message);
