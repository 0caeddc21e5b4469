using Actors.Git.Remotes;

namespace Actors.Store.Campaigns;

/// <summary>A line of a list that is being submitted: a repository, a line for the report (it names none, and why), or nothing that counts but itself.</summary>
/// <param name="Number">From 1, growing.</param>
/// <param name="Url">The repository; the default value: none.</param>
/// <param name="Rejection">A line of the report, as the caller writes it; empty: none.</param>
public readonly record struct SubmittedLine(long Number, RepositoryUrl Url, ReadOnlyMemory<byte> Rejection = default)
{
    /// <summary>Whether it names a repository.</summary>
    public bool IsRepository => Url != default;
}
