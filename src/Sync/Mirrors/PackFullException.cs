namespace Actors.Sync.Mirrors;

/// <summary>A pack grew beyond its limit while it was written: its objects go into several.</summary>
internal sealed class PackFullException : Exception;
