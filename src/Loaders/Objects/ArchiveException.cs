namespace Actors.Loaders.Objects;

/// <summary>An archive, or what it holds, that cannot be loaded: fails its release and nothing else. The message is for a person.</summary>
internal sealed class ArchiveException(string message, Exception? innerException = null) : Exception(message, innerException);
