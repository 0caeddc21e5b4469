using Actors.Store.Blobs;
using Actors.TestKit.Servers;

namespace Actors.Store.Tests.Objects;

public sealed class SharedObjectStoreOnDirectoryTests(SharedPostgres postgres) : SharedObjectStoreConformance(postgres)
{
    protected override Task<Func<IBlobStore>?> MakeBlobsAsync() => Task.FromResult<Func<IBlobStore>?>(null);
}
