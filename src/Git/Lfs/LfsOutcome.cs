using Actors.Git.Remotes;

namespace Actors.Git.Lfs;

/// <summary>How one object's fetch ended.</summary>
/// <param name="Object">Which.</param>
/// <param name="Failure">Null: it is here, verified by size and SHA-256, and was kept.</param>
public sealed record LfsOutcome(LfsObject Object, RemoteFailure? Failure);
