using Actors.Git.Remotes;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Listings;

/// <summary>
/// What differs between forges: where the first page is, what a page says, and how a token is written. Asks nothing itself; requests, patience, cursors and
/// checks are the same for all (<see cref="PagedListing"/>).
/// </summary>
internal interface ILister
{
    /// <summary>The forge's address: everything is asked of its scheme, host and port, whatever a page names.</summary>
    Uri Forge { get; }

    /// <summary>Whose credentials are used: the host that a person has a token for.</summary>
    ForgeHost CredentialsOf => Downloads.FileHosts.HostOf(Forge);

    /// <summary>The word before a token in an <c>Authorization</c> header.</summary>
    string TokenWord => "Bearer";

    /// <summary>Whether the API takes tokens only.</summary>
    bool TokensOnly => false;

    /// <summary>Media type that is asked for.</summary>
    string Accept => "application/json";

    /// <summary>Paths of the first page; a further one is asked where the one before is not found.</summary>
    IReadOnlyList<string> FirstPaths { get; }

    /// <summary>Reads a page.</summary>
    /// <exception cref="ArchiveException">It is none.</exception>
    ListerAnswer Read(ListingReply reply);

    /// <summary>Reads an entry's own page.</summary>
    /// <returns>The entry, or several, or none.</returns>
    /// <exception cref="ArchiveException">It is none.</exception>
    IReadOnlyList<ListedItem> ReadDetail(ListedItem item, ListingReply reply) => [item];
}
