using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>A repository of a chunk. No repository is in a campaign twice.</summary>
/// <param name="Number">Of its line in the list, from 1: the first one that names it.</param>
/// <param name="Url">The repository.</param>
public readonly record struct ChunkLine(long Number, RepositoryUrl Url);
