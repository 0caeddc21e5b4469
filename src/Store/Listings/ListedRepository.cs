using Actors.Git.Remotes;
using Actors.Store.Heads;

namespace Actors.Store.Listings;

/// <summary>What a forge's listing said of a repository: hints, which are never believed over what a visit finds.</summary>
public sealed record ListedRepository
{
    public required RepositoryUrl Url { get; init; }

    /// <summary>What it is a fork of, or null: of nothing, or the forge does not tell.</summary>
    public RepositoryUrl? Parent { get; init; }

    /// <summary>Bytes as the forge counts them, or null where it does not tell.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Not changed after this time, as far as the forge tells; null where it does not.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When the listing was asked.</summary>
    public required DateTimeOffset ListedAt { get; init; }

    /// <summary>This listing over an earlier one: what this one does not tell is kept.</summary>
    internal ListedRepository Over(ListedRepository? earlier) => earlier is null ? this : this with
    {
        Parent = Parent ?? earlier.Parent,
        SizeBytes = SizeBytes ?? earlier.SizeBytes,
        UpdatedAt = UpdatedAt ?? earlier.UpdatedAt,
    };

    /// <summary>As it will be read back.</summary>
    internal ListedRepository Kept() => this with { UpdatedAt = HeadTime.Kept(UpdatedAt), ListedAt = HeadTime.Kept(ListedAt) };

    /// <summary>Each URL once, with all that a batch tells of it; the last one's word counts.</summary>
    internal static Dictionary<RepositoryUrl, ListedRepository> Merge(IReadOnlyList<ListedRepository> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Dictionary<RepositoryUrl, ListedRepository> merged = new(batch.Count);
        foreach (ListedRepository one in batch)
        {
            merged[one.Url] = one.Kept().Over(merged.GetValueOrDefault(one.Url));
        }

        return merged;
    }
}
