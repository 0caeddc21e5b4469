using Actors.Loaders.Downloads;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Registries;

internal sealed class DebianLoader : IPackageLoader
{
    public string Scheme => "debian";

    public PackageOrigin Origin(string name, Uri registry, string? originTemplate) => throw new FormatException("later");

    public Task<RegistryReply> AskAsync(PackageOrigin origin, RegistryClient client, CancellationToken cancellationToken) => throw new NotSupportedException();

    public PackageListing Read(PackageOrigin origin, byte[] answer, Era era) => throw new NotSupportedException();
}
