using Actors.Git.Remotes;

namespace Actors.Sync.Campaigns;

/// <summary>One line of a submitted list.</summary>
public readonly record struct ListLine
{
    /// <summary>What a line holds.</summary>
    public enum Kind
    {
        /// <summary>Empty, or a comment from <c>#</c> on.</summary>
        Nothing,

        /// <summary>A repository.</summary>
        Repository,

        /// <summary>Neither; <see cref="Reason"/> says why.</summary>
        Rejected,
    }

    public Kind Holds { get; init; }

    public RepositoryUrl Url { get; init; }

    public string? Reason { get; init; }
}
