using Actors.Git.Remotes;

namespace Actors.Git.Lfs;

/// <summary>What a server answered to a batch: objects, or why the whole batch failed.</summary>
/// <param name="Objects">As the server ordered them; what was not asked for is left out.</param>
/// <param name="Failure">Then there are no objects.</param>
public sealed record LfsBatchReply(IReadOnlyList<LfsBatchObject> Objects, RemoteFailure? Failure);
