using Actors.Git.Remotes;

namespace Actors.Loaders.Downloads;

/// <summary>A registry's whole answer, or why there is none.</summary>
/// <param name="Bytes">Decompressed; empty when it failed.</param>
/// <param name="Failure">What the registry did, or null.</param>
internal readonly record struct RegistryReply(ReadOnlyMemory<byte> Bytes, RemoteFailure? Failure);
