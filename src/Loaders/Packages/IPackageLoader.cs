using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;

namespace Actors.Loaders.Packages;

/// <summary>
/// What differs from ecosystem to ecosystem: where a package is listed, how the list is read, what a release's object says.
/// Everything else (visits, external ids, downloads, archives, snapshots) is the same for all.
/// </summary>
internal interface IPackageLoader
{
    /// <summary>The word before the colon: <c>pypi</c>.</summary>
    string Scheme { get; }

    /// <summary>The origin of a name.</summary>
    /// <exception cref="FormatException">No such name can be; the message is for a person.</exception>
    PackageOrigin Origin(string name, Uri registry, string? originTemplate);

    /// <summary>The registry's answer, or the list's own words. Its bytes decide whether anything changed.</summary>
    Task<RegistryReply> AskAsync(PackageOrigin origin, RegistryClient client, CancellationToken cancellationToken);

    /// <summary>Reads that answer.</summary>
    /// <exception cref="ArchiveException">It is no listing.</exception>
    PackageListing Read(PackageOrigin origin, ReadOnlyMemory<byte> answer, Era era);
}
