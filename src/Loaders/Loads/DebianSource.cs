using Actors.Loaders.Archives;
using Actors.Loaders.Objects;
using Actors.Loaders.Packages;

namespace Actors.Loaders.Loads;

internal sealed class DebianSource(ReleaseFetch fetch, UnpackTarget target, ObjectSink sink)
{
    public Task RunAsync(PackageRelease release, CancellationToken cancellationToken)
    {
        _ = (fetch, target, sink, cancellationToken);
        throw new ArchiveException(release.Version);
    }
}
