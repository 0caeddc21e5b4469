using Actors.Git.Remotes;

namespace Actors.Sync.Schedules;

/// <summary>Somebody says that a repository changed.</summary>
/// <param name="Url">Which.</param>
/// <param name="At">When.</param>
public readonly record struct ToldChange(RepositoryUrl Url, DateTimeOffset At);
